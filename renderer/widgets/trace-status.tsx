import type { TraceRow } from '../../app/contract/page.ts';
import { clock, lasting } from './format.ts';
import { StateWord } from './state-word.tsx';

const states = {
  failed: { icon: 'cross', word: 'Failed', tone: 'bad' },
  active: { icon: 'pulse', word: 'Active', tone: 'accent' },
  stuck: { icon: 'alert', word: 'Stuck', tone: 'warn' },
  quiet: { icon: 'ring', word: 'Quiet', tone: 'plain' },
} as const;

const titles = {
  failed: 'An event of it was rejected or dead-lettered.',
  active: 'Something happened to it within the last 30 s.',
  stuck: 'A consumer has not acknowledged an event that it was handed.',
  quiet: 'No event for 30 s. Whether one is missing is not judged.',
} as const;

/** How a trace fares. */
export function TraceStatus({ trace }: { readonly trace: Pick<TraceRow, 'status' | 'pending'> }) {
  const { status, pending } = trace;
  return <StateWord {...states[status]} title={pending ? pendingWords(pending) : titles[status]} />;
}

/** Who keeps a trace waiting, and since when. */
export function pendingWords({ consumer, since }: NonNullable<TraceRow['pending']>): string {
  const at = clock(since).slice(0, 8);
  return `${consumer} was handed an event of it at ${at}, ${lasting(since, Date.now())} ago, and has not acknowledged it.`;
}
