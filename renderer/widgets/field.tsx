import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import './field.css';

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string;
  /** Under the field. */
  readonly help?: ReactNode;
  readonly error?: string;
}

/** A labelled text field. */
export function Field({ label, help, error, className, ...rest }: FieldProps) {
  const id = useId();
  const told = error ?? help;
  return (
    <div className={`field ${className ?? ''}`}>
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={told ? `${id}-help` : undefined}
      />
      {told && (
        <div id={`${id}-help`} className={error === undefined ? 'field-help' : 'field-help bad'}>
          {told}
        </div>
      )}
    </div>
  );
}
