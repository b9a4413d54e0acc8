import type { CaptureSummary } from '../model/capture.ts';
import type { Event } from '../model/event.ts';
import type { TraceSummary } from '../model/trace.ts';
import type { Manifest } from './manifest.ts';

/** What a manifest shows, short enough for a card: counts and times. */
export function summaryOf({ created, counts, time, masked }: Manifest): CaptureSummary {
  return { created: Date.parse(created), ...counts, ...time, masked: masked ?? false };
}

/**
 * Goes along while events are written: the time they span, and which keys of traces they still name. A key whose value
 * was masked in all of them must not be told by the manifest either.
 */
export function createSummary(traces: readonly TraceSummary[]) {
  const nameOf = (key: TraceSummary['keys'][number]) => `${key.name}=${key.value}`;
  const asked = new Set(traces.flatMap(({ keys }) => keys.map(nameOf)));
  const named = new Set<string>();
  let events = 0;
  let first = Infinity;
  let last = -Infinity;
  return {
    get events() {
      return events;
    },
    see({ time, facts }: Event): void {
      events++;
      first = Math.min(first, time);
      last = Math.max(last, time);
      for (const key of facts.keys) {
        const name = nameOf(key);
        if (asked.has(name)) named.add(name);
      }
    },
    time: () => (events === 0 ? undefined : { first, last }),
    traces: () =>
      traces.map((trace) => ({ ...trace, keys: trace.keys.filter((key) => named.has(nameOf(key))) })),
  };
}
