import { extractFacts } from '../correlate/extract.ts';
import { builtInRules, type Rules } from '../correlate/rules/index.ts';
import { decodeMessage } from '../decode/decode.ts';
import type { DecodedMessage, Event, Facts } from '../model/event.ts';
import { factsToText } from '../model/facts-text.ts';
import type { RawMessage } from '../model/message.ts';
import type { FactsUpdate, TraceStore } from '../store/trace-store.ts';
import { nameEvent } from './name-event.ts';

/** Events read at once. */
const page = 2_000;

/**
 * Understands stored events anew, by other rules: those up to a number, which were understood by others. Only what is
 * understood differently is written. May be interrupted, and goes on after the number that `onProgress` told last.
 */
export async function rereadEvents(
  store: TraceStore,
  rules: Rules,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  onProgress: (after: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let from = after; from < upTo && !signal.aborted;) {
    const events = await store.exportEventsAfter(from, page);
    const last = events.at(-1);
    if (!last) return;
    const updates = events.flatMap((event): FactsUpdate[] => {
      if (event.seq > upTo) return [];
      const facts = factsAnew(event, rules);
      return isSame(facts, event.facts) ? [] : [{ seq: event.seq, id: event.id, facts }];
    });
    if (updates.length > 0) await store.rewriteFacts(updates);
    from = last.seq;
    await onProgress(Math.min(from, upTo));
  }
}

function isSame(a: Facts, b: Facts): boolean {
  return a.type === b.type && a.producer === b.producer && factsToText(a) === factsToText(b);
}

/** The facts of a stored event as these rules understand it. */
function factsAnew(event: Event, rules: Rules): Facts {
  const decoded = decodeMessage(rawOf(event));
  const { producer } = event.facts;
  if (producer === undefined) return extractFacts(decoded, rules);
  // A producer that the message does not name itself was told by the system, and is believed before all rules.
  const own = extractFacts(decoded, builtInRules).producer === producer;
  const named: DecodedMessage = own ? decoded : { ...decoded, producer };
  return extractFacts(named, rules);
}

/** A stored event as it was before it was understood; its payload was unwrapped then. */
function rawOf(event: Event): RawMessage {
  const { channel, position, time, clock, observedAt, key, routingKey, headers, properties, notes } = event;
  const { payload, problems } = event;
  const raw: RawMessage = {
    kind: 'message',
    channel,
    position,
    time,
    clock,
    observedAt,
    key,
    routingKey,
    headers,
    properties,
    notes,
    body: payload.format === 'tombstone' ? null : (payload.text ?? payload.bytes ?? ''),
    recorded: { unwrapped: payload.unwrapped ?? [], size: payload.size, problems },
  };
  return nameEvent(raw) === event.id ? raw : { ...raw, id: event.id };
}
