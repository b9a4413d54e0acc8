import { Checkbox } from '@base-ui/react/checkbox';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './field.css';

interface ChoiceProps {
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
  onChange(checked: boolean): void;
}

/** A checkbox with its words. */
export function Choice({ checked, disabled, children, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      <Checkbox.Root className="check" checked={checked} disabled={disabled} onCheckedChange={onChange}>
        <Checkbox.Indicator>
          <Icon name="check" size={12} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      {children}
    </label>
  );
}
