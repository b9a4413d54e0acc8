import { useState } from 'react';
import { readPayload } from '../../state/events.ts';
import { Button } from '../../widgets/button.tsx';
import { count } from '../../widgets/format.ts';

interface SlicesViewProps {
  readonly id: string;
  /** The beginning, which came with the event. */
  readonly first: string;
  /** Characters of the whole. */
  readonly length: number;
}

const sliceSize = 64 * 1024;

/** A text too large or too deep for an editor: its beginning, and more of it on demand. */
export function SlicesView({ id, first, length }: SlicesViewProps) {
  const [slices, setSlices] = useState<readonly string[]>([first.slice(0, sliceSize)]);
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const shown = slices.reduce((sum, slice) => sum + slice.length, 0);
  const more = async (): Promise<void> => {
    setState('busy');
    try {
      const next = await readPayload(id, shown, shown + sliceSize);
      setSlices((before) => [...before, next]);
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <div className="slices">
      <div className="slices-text">
        {slices.map((slice, index) => (
          // Slices are only ever added at the end.
          <pre key={index}>{slice}</pre>
        ))}
      </div>
      {shown < length && (
        <div className="slices-more">
          <span>
            {count(shown)} of {count(length)} characters{state === 'failed' && ' · the rest did not arrive'}
          </span>
          <Button busy={state === 'busy'} onClick={() => void more()}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}
