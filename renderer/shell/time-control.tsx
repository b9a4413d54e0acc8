import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import { allTime, between } from '../../app/language/time-range.ts';
import type { TimeRange } from '../../app/language/time-range.ts';
import { showTimes, useRoute } from '../state/route.ts';
import { Button } from '../widgets/button.tsx';
import { Field } from '../widgets/field.tsx';
import { absolute } from '../widgets/format.ts';
import { Icon } from '../widgets/icon.tsx';
import { rangeName } from '../widgets/range-words.ts';
import '../widgets/menu.css';

/** The ranges that are chosen with one press. */
export const ranges: readonly TimeRange[] = [
  { kind: 'last', span: 15 * 60_000 },
  { kind: 'last', span: 60 * 60_000 },
  { kind: 'last', span: 24 * 60 * 60_000 },
  { kind: 'today' },
  allTime,
];

/** Which stretch of time all views show. */
export function TimeControl() {
  const range = useRoute((state) => state.range);
  const [open, setOpen] = useState(false);
  const choose = (chosen: TimeRange): void => {
    setOpen(false);
    showTimes(chosen);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="button quiet time-control" aria-label={`Time range: ${rangeName(range)}`}>
        <Icon name="clock" size={14} />
        {rangeName(range)}
        <Icon name="down" size={12} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="menu-place" align="end" sideOffset={4}>
          <Popover.Popup className="menu time-choices" aria-label="Time range">
            <ul>
              {ranges.map((each) => {
                const name = rangeName(each);
                const chosen = name === rangeName(range);
                return (
                  <li key={name}>
                    <button
                      type="button"
                      className="menu-item"
                      aria-pressed={chosen}
                      onClick={() => choose(each)}
                    >
                      {name}
                      {chosen && <Icon name="check" size={14} />}
                    </button>
                  </li>
                );
              })}
            </ul>
            <Custom range={range} onChoose={choose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface CustomProps {
  readonly range: TimeRange;
  onChoose(range: TimeRange): void;
}

/** From one time to another, by this computer's clock; either side may stay open. */
function Custom({ range, onChoose }: CustomProps) {
  const { from: nowFrom, to: nowTo } = range.kind === 'between' ? range : {};
  const [from, setFrom] = useState(fieldTime(nowFrom));
  const [to, setTo] = useState(fieldTime(nowTo));
  return (
    <form
      className="time-custom"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(between(timeOf(from), timeOf(to)));
      }}
    >
      <Field
        label="From"
        type="datetime-local"
        step={1}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <Field
        label="To"
        type="datetime-local"
        step={1}
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button type="submit">Show this time</Button>
    </form>
  );
}

/** As a field for date and time wants it: `2026-03-01T10:00:00`, local. */
function fieldTime(time: number | undefined): string {
  return time === undefined ? '' : absolute(time).slice(0, 19).replace(' ', 'T');
}

function timeOf(field: string): number | undefined {
  const time = Date.parse(field);
  return Number.isNaN(time) ? undefined : time;
}
