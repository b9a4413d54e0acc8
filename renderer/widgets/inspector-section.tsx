import type { ReactNode } from 'react';
import { count } from './format.ts';

interface SectionProps {
  readonly title: string;
  readonly size?: number;
  /** What is said instead where there are none. */
  readonly none?: string;
  readonly children: ReactNode;
}

/** A part of the inspector with its heading; where there is nothing in it, it says so. */
export function InspectorSection({ title, size, none, children }: SectionProps) {
  return (
    <section className="inspector-section" aria-label={title}>
      <h3>
        {title}
        {size !== undefined && size > 0 && <span>{count(size)}</span>}
      </h3>
      {size === 0 && none !== undefined ? <p className="inspector-none">{none}</p> : children}
    </section>
  );
}
