import type { ComponentProps } from 'react';
import { Button } from './button.tsx';

interface DisclosureButtonProps extends Pick<ComponentProps<'button'>, 'aria-label' | 'children'> {
  readonly open: boolean;
  /** The id of what it opens, which is there only while it is open. */
  readonly controls: string;
  readonly onToggle: (open: boolean) => void;
}

/** A button that shows and hides what it is named after. */
export function DisclosureButton({ open, controls, onToggle, ...rest }: DisclosureButtonProps) {
  return (
    <Button
      {...rest}
      look="quiet"
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={() => onToggle(!open)}
    />
  );
}
