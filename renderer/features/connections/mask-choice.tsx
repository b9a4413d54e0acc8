import { Collapsible } from '@base-ui/react/collapsible';
import { Icon } from '../../widgets/icon.tsx';
import { MaskFields } from '../../widgets/mask-fields.tsx';
import type { MaskText } from '../../widgets/mask-fields.tsx';

interface MaskChoiceProps {
  readonly value: MaskText;
  onChange(value: MaskText): void;
}

/** What of the events is masked before it is written; closed, since most want nothing of it. */
export function MaskChoice({ value, onChange }: MaskChoiceProps) {
  return (
    <Collapsible.Root className="advanced">
      <Collapsible.Trigger className="button quiet advanced-toggle">
        <Icon name="right" size={12} />
        Mask values
      </Collapsible.Trigger>
      <Collapsible.Panel className="mask-choice">
        <p className="field-help">Replaced by [masked] before anything is written to this machine’s disk.</p>
        <MaskFields value={value} onChange={onChange} />
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
