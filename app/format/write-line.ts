import type { Binding, Coverage, Delivery, Subscription } from '../model/delivery.ts';
import type { LinkEdit } from '../model/link-edit.ts';
import type { Channel, Header, RawMessage } from '../model/message.ts';
import { toBase64 } from './fields.ts';
import { printTime } from './time.ts';
import { usualClock } from './usual-clock.ts';

/** What a message line can say. A topology is written as its subscriptions and bindings. */
export type Writable = RawMessage | Delivery | Subscription | Binding | Coverage | LinkEdit;

/** Writes one message line (FORMATS: NDJSON), without the line break. `readLine` reads the same from it. */
export function writeLine(item: Writable): string {
  switch (item.kind) {
    case 'message':
      return writeMessage(item);
    case 'delivery':
      return JSON.stringify({
        kind: item.kind,
        ...('event' in item.subject ? { message: item.subject.event } : range(item.subject)),
        consumer: item.consumer,
        ...(item.via !== undefined && { via: item.via }),
        ...times({ time: item.time, after: item.after, before: item.before }),
        status: item.status,
        evidence: item.evidence,
        count: item.count,
      });
    case 'subscription':
      return JSON.stringify({
        kind: item.kind,
        ...place(item.channel),
        consumer: item.consumer,
        lag: item.lag,
        detail: item.detail,
      });
    case 'binding':
      return JSON.stringify({
        kind: item.kind,
        ...place(item.channel),
        to: item.to,
        toKind: item.toKind,
        routingKey: item.routingKey,
        deadLetter: item.deadLetter,
      });
    case 'coverage':
      return JSON.stringify({
        kind: item.kind,
        ...place(item.channel),
        partition: item.partition,
        fromOffset: item.fromOffset,
        toOffset: item.toOffset,
        ...times({ from: item.from, to: item.to }),
        state: item.state,
        count: item.count,
        reason: item.reason,
      });
    case 'link-edit':
      return JSON.stringify({
        kind: item.kind,
        from: item.from,
        to: item.to,
        action: item.action,
        ...times({ time: item.at }),
      });
  }
}

function writeMessage(message: RawMessage): string {
  const head = JSON.stringify({
    kind: message.kind,
    id: message.id,
    ...place(message.channel),
    ...message.position,
    ...times({ time: message.time }),
    ...(message.clock !== usualClock(message.channel) && { clock: message.clock }),
    ...(message.observedAt !== message.time && times({ observedAt: message.observedAt })),
    key: textOrBytes(message.key),
    routingKey: message.routingKey,
    properties: message.properties,
    headers: writeHeaders(message.headers),
    producer: message.producer,
    notes: message.notes,
    ...message.recorded,
  });
  return `${head.slice(0, -1)},${payloadField(message.body)}}`;
}

/** `payload` where the wire held JSON on one line, which is spliced in untouched; else what was on the wire. */
function payloadField(body: RawMessage['body']): string {
  if (body === null) return '"payload":null';
  if (typeof body !== 'string') return `"payloadBase64":"${toBase64(body)}"`;
  return isPlainJson(body) ? `"payload":${body}` : `"payloadText":${JSON.stringify(body)}`;
}

function isPlainJson(text: string): boolean {
  if (!/^[[{"\-0-9tf]/.test(text) || /[\r\n]/.test(text) || text !== text.trim() || !text.isWellFormed())
    return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** An object where that keeps order and repetition: names that look like array indexes would change places. */
function writeHeaders(headers: readonly Header[]): object {
  const pairs = headers.map(([name, value]) => [name, textOrBytes(value)] as const);
  const names = new Set(headers.map(([name]) => name));
  if (names.size < headers.length || headers.some(([name]) => /^\d+$/.test(name))) return pairs;
  return Object.fromEntries(pairs);
}

function textOrBytes(value: string | Uint8Array | undefined): string | { base64: string } | undefined {
  return value instanceof Uint8Array ? { base64: toBase64(value) } : value;
}

/** The kind is written except for Kafka, which has only one. */
function place({ system, cluster, name, kind }: Channel): object {
  return {
    system,
    cluster,
    channel: name,
    ...((system !== 'kafka' || kind !== 'topic') && { channelKind: kind }),
  };
}

function range(subject: Exclude<Delivery['subject'], { event: string }>): object {
  const { channel, partition, fromOffset, toOffset } = subject;
  return { ...place(channel), partition, fromOffset, toOffset };
}

function times(named: Readonly<Record<string, number | undefined>>): object {
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, printTime(ms)]])),
  );
}
