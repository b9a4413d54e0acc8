import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './notes.css';

interface ProblemNoteProps {
  readonly problem: { readonly message: string; readonly remedy: string };
  readonly children?: ReactNode;
}

/** What went wrong, and what to do about it. */
export function ProblemNote({ problem, children }: ProblemNoteProps) {
  return (
    <div className="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p className="note-title">{problem.message}</p>
        {problem.remedy && <p className="note-text">{problem.remedy}</p>}
        {children}
      </div>
    </div>
  );
}

interface NoteProps {
  readonly tone?: 'plain' | 'warn';
  readonly children: ReactNode;
}

/** Something to know. */
export function Note({ tone = 'plain', children }: NoteProps) {
  return (
    <div className={`note ${tone}`}>
      <Icon name={tone === 'warn' ? 'alert' : 'info'} />
      <div>{children}</div>
    </div>
  );
}
