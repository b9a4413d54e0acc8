import { extractFacts } from '../correlate/extract.ts';
import type { Rules } from '../correlate/rules/index.ts';
import { decodeMessage } from '../decode/decode.ts';
import type { Event } from '../model/event.ts';
import { factsToText } from '../model/facts-text.ts';
import type { RawMessage } from '../model/message.ts';
import { nameEvent } from './name-event.ts';

/** What a message is once it is decoded, named, and its facts are known. */
export function toEvent(raw: RawMessage, seq: number, connection: string, rules?: Rules): Event {
  const decoded = decodeMessage(raw);
  const facts = extractFacts(decoded, rules);
  return {
    seq,
    id: nameEvent(raw),
    connection,
    channel: raw.channel,
    position: raw.position,
    time: raw.time,
    clock: raw.clock,
    observedAt: raw.observedAt,
    key: raw.key,
    routingKey: raw.routingKey,
    headers: raw.headers,
    properties: raw.properties,
    notes: raw.notes,
    payload: decoded.payload,
    problems: decoded.problems,
    facts,
    factsText: factsToText(facts),
  };
}
