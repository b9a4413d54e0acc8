import type { MaskInput } from '../../app/contract/page.ts';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import './mask-fields.css';

/** What is typed: paths and names, separated by commas. */
export interface MaskText {
  readonly fields: string;
  readonly headers: string;
  readonly keepUnreadable: boolean;
}

export const noMask: MaskText = { fields: '', headers: '', keepUnreadable: false };

interface MaskFieldsProps {
  readonly value: MaskText;
  readonly disabled?: boolean;
  onChange(value: MaskText): void;
}

/** What is to be masked: fields of payloads and headers, by name. */
export function MaskFields({ value, disabled, onChange }: MaskFieldsProps) {
  return (
    <div className="mask-fields">
      <Field
        label="Mask fields"
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        className="mono-field"
        placeholder="customer.email, items[].card, *.password"
        value={value.fields}
        onChange={(event) => onChange({ ...value, fields: event.target.value })}
        help={
          <>
            Fields of JSON payloads, wherever they are; <code>$key</code> is the message key. A masked value
            is also taken out of the rest of its event.
          </>
        }
      />
      <Field
        label="Mask headers"
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        className="mono-field"
        placeholder="authorization, cookie"
        value={value.headers}
        onChange={(event) => onChange({ ...value, headers: event.target.value })}
      />
      {value.fields.trim() !== '' && (
        <Choice
          checked={value.keepUnreadable}
          disabled={disabled}
          onChange={(keepUnreadable) => onChange({ ...value, keepUnreadable })}
        >
          <span>
            Keep payloads that are not JSON
            <span className="mask-note">No field can be found in them; otherwise they are withheld.</span>
          </span>
        </Choice>
      )}
    </div>
  );
}

/** What the engine is told. */
export function maskOf({ fields, headers, keepUnreadable }: MaskText): MaskInput {
  const list = (text: string): string[] =>
    text
      .split(/[,\n]/)
      .map((each) => each.trim())
      .filter((each) => each !== '');
  return { fields: list(fields), headers: list(headers), ...(keepUnreadable && { keepUnreadable }) };
}

/** `3 fields and 1 header`; undefined where nothing is masked. */
export function maskWords(mask: MaskInput | undefined): string | undefined {
  const parts = [...(mask?.fields ?? []), ...(mask?.headers ?? [])];
  return parts.length === 0 ? undefined : parts.join(', ');
}
