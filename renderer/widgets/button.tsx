import type { ComponentProps } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import './button.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `main` for the one thing to do here, `plain` for the rest, `quiet` without a frame, `danger` for what forgets. */
  readonly look?: 'main' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconName;
  readonly busy?: boolean;
}

/** A button with words. While `busy` it keeps its place and its name, and cannot be pressed. */
export function Button({ look = 'plain', icon, busy, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy === true}
      aria-busy={busy}
      className={`button ${look} ${className ?? ''}`}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: IconName;
  /** Its name, shown on hover and read aloud. */
  readonly label: string;
  /** The key that does the same. */
  readonly hint?: string;
}

/** A button that is only an icon. */
export function IconButton({ icon, label, hint, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={hint ? `${label} (${hint})` : label}
      className={`icon-button ${className ?? ''}`}
    >
      <Icon name={icon} size={15} />
    </button>
  );
}
