import { useState } from 'react';
import type { ConnectionDto } from '../../../app/contract/page.ts';
import { count, counted, period } from '../../widgets/format.ts';
import { Progress } from '../../widgets/progress.tsx';

/** Of a file: what it holds, and how far it is read. A capture tells the first before its events are there. */
export function FileFacts({ connection }: { readonly connection: ConnectionDto }) {
  const { name, phase, capture, progress, events } = connection;
  const [now] = useState(Date.now);
  const reading = phase === 'connecting' || phase === 'live';
  return (
    <div className="file-facts">
      <p className="connection-scope">
        {capture
          ? `Capture of ${counted(capture.events, 'event')}${times(capture, now)}: ` +
            `${counted(capture.traces, 'trace')}, ${counted(capture.deliveries, 'delivery', 'deliveries')}` +
            `${capture.masked ? ', values masked' : ''}. What was not read is what was not read then.`
          : /\.hwcap$/i.test(name)
            ? 'A capture.'
            : 'Message lines.'}{' '}
        {reading ? '' : outcome(phase, events, progress?.read ?? events)}
      </p>
      {reading && (
        <div className="file-progress">
          <Progress label={`Reading ${name}`} part={part(progress)} />
          <span>{readSoFar(progress)}</span>
        </div>
      )}
    </div>
  );
}

function part(progress: ConnectionDto['progress']): number | undefined {
  if (progress?.total === undefined || progress.read >= progress.total) return undefined;
  return progress.read / progress.total;
}

function readSoFar(progress: ConnectionDto['progress']): string {
  const { read = 0, total } = progress ?? {};
  if (total === undefined) return `${count(read)} read`;
  return read < total
    ? `${count(read)} of ${count(total)} read`
    : `${count(read)} read, traces are worked out`;
}

function times({ first, last }: NonNullable<ConnectionDto['capture']>, now: number): string {
  return first === undefined || last === undefined ? '' : `, ${period(first, last, now)}`;
}

function outcome(phase: ConnectionDto['phase'], events: number, read: number): string {
  if (phase === 'done') {
    if (events >= read) return 'The whole file was read.';
    return `The whole file was read: ${counted(read, 'event')}, ${count(read - events)} of them more than once or recorded before.`;
  }
  if (events === 0) return 'Nothing of it was read.';
  return `Reading ended after ${counted(events, 'event')}; they stay.`;
}
