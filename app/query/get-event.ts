import { consumersByChannel } from '../analyze/consumers.ts';
import type { EventDetailDto } from '../contract/page.ts';
import { createLinkEdits } from '../model/link-edit.ts';
import type { Event, Payload } from '../model/event.ts';
import type { EventDetail, EventHead, TraceStore } from '../store/trace-store.ts';
import { inferProducer, namesakes, tellsProducer, type Cause } from './infer-producer.ts';
import { deliveryRow, eventHead, linkRow, pendingByTrace, traceRow } from './rows.ts';

/** Characters of a payload that come with its event; the rest is read on by `eventPayload`. */
const firstCharacters = 256 * 1024;

/** Everything known of one event. Undefined where there is none of this name. */
export async function getEvent(
  store: TraceStore,
  id: string,
  now: number,
): Promise<EventDetailDto | undefined> {
  const detail = await store.event(id);
  if (!detail) return undefined;
  const { event, deliveries, links, traces } = detail;
  const pending = pendingByTrace(await store.held());
  const topologies = [...(await store.topologies()).values()];
  const consumers = consumersByChannel(topologies);
  const producer =
    event.facts.producer === undefined
      ? (inferProducer(await causesOf(store, detail), consumers) ?? namesakes(topologies)(event.channel))
      : undefined;
  const { text, encoding } = payloadText(event.payload);
  return {
    head: {
      ...eventHead(headOf(event), producer),
      keyEncoding: event.key instanceof Uint8Array ? 'base64' : undefined,
    },
    connection: event.connection,
    observedAt: event.observedAt,
    routingKey: event.routingKey,
    headers: event.headers.map(([name, value]) =>
      typeof value === 'string'
        ? { name, value, encoding: 'text' }
        : { name, value: toBase64(value), encoding: 'base64' },
    ),
    properties: event.properties,
    notes: event.notes,
    problems: [...(event.problems ?? [])],
    payload: {
      format: event.payload.format,
      text: text.slice(0, firstCharacters),
      encoding,
      size: event.payload.size,
      length: text.length,
      unwrapped: [...(event.payload.unwrapped ?? [])],
    },
    keys: event.facts.keys.map(({ name, value, origin, path, role }) => ({
      name,
      value,
      origin,
      path,
      role,
    })),
    deliveries: deliveries.map((delivery) => deliveryRow(delivery, event)),
    links: links.map(({ link, other }) => {
      const [from, to] = link.from === event.seq ? [event.id, other.id] : [other.id, event.id];
      return { ...linkRow(link, from, to), other: eventHead(other) };
    }),
    cut: await cutLinks(store, event.id),
    traces: traces.map((summary) => traceRow(summary, now, event, pending.get(summary.id))),
  };
}

/** Links of an event that the user cut, as far as both events are still there. */
async function cutLinks(store: TraceStore, id: string): Promise<EventDetailDto['cut']> {
  const cut = createLinkEdits(await store.linkEdits())
    .of(id)
    .filter(({ action }) => action === 'cut');
  const found = await Promise.all(
    cut.map(async ({ from, to }) => {
      const other = await store.event(from === id ? to : from);
      return other ? [{ from, to, other: eventHead(headOf(other.event)) }] : [];
    }),
  );
  return found.flat();
}

/** What caused it, with the deliveries that tell who may have published it: as the trace has them. */
async function causesOf(store: TraceStore, { event, links }: EventDetail): Promise<readonly Cause[]> {
  const causes = links.filter(({ link }) => link.to === event.seq && tellsProducer(link));
  return Promise.all(
    causes.map(async ({ other }) => ({
      channel: other.channel,
      deliveries: (await store.event(other.id))?.deliveries ?? [],
    })),
  );
}

/** A slice of the payload's text, or of its base64 where it is bytes, in characters. Undefined where there is no such event. */
export async function eventPayload(
  store: TraceStore,
  id: string,
  start: number,
  end: number,
): Promise<{ text: string; length: number } | undefined> {
  const detail = await store.event(id);
  if (!detail) return undefined;
  const { text } = payloadText(detail.event.payload);
  return { text: text.slice(start, Math.max(start, end)), length: text.length };
}

function payloadText({ text, bytes }: Payload): { text: string; encoding: 'text' | 'base64' } {
  return bytes ? { text: toBase64(bytes), encoding: 'base64' } : { text: text ?? '', encoding: 'text' };
}

function headOf(event: Event): EventHead {
  const { seq, id, channel, time, facts, connection, clock, observedAt, position, key, payload } = event;
  return {
    ...{ seq, id, channel, time, facts, connection, clock, observedAt },
    offset: position?.offset,
    partition: position?.partition,
    size: payload.size,
    format: payload.format,
    key: key instanceof Uint8Array ? toBase64(key) : key,
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
