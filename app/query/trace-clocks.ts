import type { TraceDetailDto } from '../contract/page.ts';
import { clockOf, offsetText, tellsOrder, type ClockOffset } from '../model/clock.ts';
import type { EventHead, TraceDetail, TraceStore } from '../store/trace-store.ts';

type ClockDifference = TraceDetailDto['clocks'][number];
type Example = NonNullable<ClockDifference['example']>;

/** Which clocks of a trace's events are proven to differ, with an example: of the trace itself, where it has one. */
export async function traceClocks(
  store: Pick<TraceStore, 'event'>,
  detail: TraceDetail,
  offsets: readonly ClockOffset[],
): Promise<ClockDifference[]> {
  if (offsets.length === 0) return [];
  const clocks = new Set(detail.events.map(timedBy));
  const concerned = offsets.filter(({ behind, ahead }) => clocks.has(behind) && clocks.has(ahead));
  return Promise.all(
    concerned.map(async (offset) => {
      const { behind, ahead, least, most, links } = offset;
      const example = exampleIn(detail, offset) ?? (await exampleElsewhere(store, offset));
      return { behind, ahead, least, most, links, text: offsetText(offset), example };
    }),
  );
}

function timedBy({ channel, clock, facts: { producer, type } }: EventHead): string {
  return clockOf({ channel, clock, producer, type });
}

/** Of the trace's links that cannot be unless these clocks differ, the one that is furthest out. */
function exampleIn(
  { summary, events, links }: TraceDetail,
  { behind, ahead }: ClockOffset,
): Example | undefined {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  let best: { readonly cause: EventHead; readonly effect: EventHead } | undefined;
  for (const { from, to, evidence } of links) {
    const [cause, effect] = [bySeq.get(from), bySeq.get(to)];
    if (!cause || !effect || !tellsOrder(evidence) || effect.time >= cause.time) continue;
    if (timedBy(cause) !== ahead || timedBy(effect) !== behind) continue;
    if (!best || cause.time - effect.time > best.cause.time - best.effect.time) best = { cause, effect };
  }
  return best && { trace: summary.id, cause: eventRef(best.cause), effect: eventRef(best.effect) };
}

/** The example by which it was found; undefined where its events are not in the store any more. */
async function exampleElsewhere(
  store: Pick<TraceStore, 'event'>,
  { example }: ClockOffset,
): Promise<Example | undefined> {
  const found = await store.event(example.effect);
  const cause = found?.links.find(({ other }) => other.id === example.cause)?.other;
  const [trace] = found?.traces ?? [];
  return found && cause && trace
    ? { trace: trace.id, cause: eventRef(cause), effect: eventRef(found.event) }
    : undefined;
}

function eventRef({
  id,
  channel,
  time,
  facts: { type },
}: Pick<EventHead, 'id' | 'channel' | 'time' | 'facts'>) {
  return { id, ...(type !== undefined && { type }), channel: channel.name, time };
}
