import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';

/** Where reading begins; a time is epoch ms. */
export type From = 'earliest' | 'latest' | number;

interface StartFromProps {
  readonly value: From;
  onChange(value: From): void;
}

/** Now, the earliest that is kept, or a time. */
export function StartFrom({ value, onChange }: StartFromProps) {
  const kind = typeof value === 'number' ? 'time' : value;
  return (
    <fieldset className="start-from">
      <legend>Start from</legend>
      <RadioGroup
        value={kind}
        aria-label="Start from"
        onValueChange={(next) =>
          onChange(next === 'time' ? Date.now() - 3_600_000 : next === 'earliest' ? 'earliest' : 'latest')
        }
      >
        {[
          ['latest', 'Now'],
          ['earliest', 'The earliest kept'],
          ['time', 'A time'],
        ].map(([name, words]) => (
          <label key={name} className="choice">
            <Radio.Root value={name} className="check round" />
            {words}
          </label>
        ))}
      </RadioGroup>
      {typeof value === 'number' && (
        <input
          className="input slim"
          type="datetime-local"
          step="1"
          aria-label="Start time"
          value={localTime(value)}
          onChange={(event) => {
            const time = new Date(event.target.value).getTime();
            if (Number.isFinite(time)) onChange(time);
          }}
        />
      )}
    </fieldset>
  );
}

/** As the input wants it: local, to the second. */
function localTime(time: number): string {
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 19);
}
