import type { TraceRow } from '../../app/contract/page.ts';
import { StateWord } from './state-word.tsx';

const states = {
  failed: {
    icon: 'cross',
    word: 'Failed',
    tone: 'bad',
    title: 'An event of it was rejected or dead-lettered',
  },
  active: { icon: 'pulse', word: 'Active', tone: 'accent', title: 'An event within the last 30 s' },
  stuck: { icon: 'alert', word: 'Stuck', tone: 'warn', title: 'A consumer did not carry on' },
  quiet: { icon: 'ring', word: 'Quiet', tone: 'plain', title: 'Nothing for 30 s, and nothing went wrong' },
} as const;

/** How a trace fares. */
export function TraceStatus({ status }: { readonly status: TraceRow['status'] }) {
  return <StateWord {...states[status]} />;
}
