import type { Event } from '../model/event.ts';
import type { Channel, Header, Json, RawMessage } from '../model/message.ts';
import { eventMessage } from './event-message.ts';
import { base64Object, toBase64 } from './fields.ts';
import type { Cell, Row, Table } from './parquet.ts';

/**
 * Events in captures and Parquet exports, a row each. Times are epoch ms; headers are a JSON list of pairs, bytes in
 * them `{"base64":…}`; a payload is `payload_text` or `payload_bytes`, and a tombstone has neither. The columns from
 * `name` on are for whoever queries the file: Headwater works them out anew.
 */
export const eventTable: Table = {
  name: 'events',
  columns: [
    ['id', 'VARCHAR'],
    ['system', 'VARCHAR'],
    ['cluster', 'VARCHAR'],
    ['channel', 'VARCHAR'],
    ['channel_kind', 'VARCHAR'],
    ['partition', 'DOUBLE'],
    ['offset', 'VARCHAR'],
    ['time', 'DOUBLE'],
    ['clock', 'VARCHAR'],
    ['observed_at', 'DOUBLE'],
    ['key', 'VARCHAR'],
    ['key_bytes', 'BLOB'],
    ['routing_key', 'VARCHAR'],
    ['headers', 'VARCHAR'],
    ['properties', 'VARCHAR'],
    ['notes', 'VARCHAR'],
    ['payload_text', 'VARCHAR'],
    ['payload_bytes', 'BLOB'],
    ['unwrapped', 'VARCHAR'],
    ['size', 'DOUBLE'],
    ['problems', 'VARCHAR'],
    ['producer', 'VARCHAR'],
    ['name', 'VARCHAR'],
    ['type', 'VARCHAR'],
    ['keys', 'VARCHAR'],
    ['connection', 'VARCHAR'],
  ],
};

export function eventRow(event: Event): Row {
  const message = eventMessage(event);
  const { channel, position, key, body, recorded } = message;
  const keys = event.facts.keys.map(({ name, value }) => [name, value]);
  return [
    message.id ?? null,
    channel.system,
    channel.cluster,
    channel.name,
    channel.kind,
    position?.partition ?? null,
    position?.offset ?? null,
    message.time,
    message.clock,
    message.observedAt,
    ...textAndBytes(key),
    message.routingKey ?? null,
    headersText(message.headers),
    json(message.properties),
    json(message.notes),
    ...textAndBytes(body),
    // An empty list differs from none: this was understood, and there was nothing to undo.
    json(recorded?.unwrapped),
    event.payload.size,
    json(recorded?.problems),
    message.producer ?? null,
    event.id,
    event.facts.type ?? null,
    JSON.stringify(keys),
    event.connection,
  ];
}

/** The message of a row as it was written. */
export function rowMessage(row: Row): RawMessage {
  const [id, system, cluster, channel, kind, partition, offset, time, clock, observedAt, key, keyBytes] = row;
  const [routingKey, headers, properties, notes, text, bytes, unwrapped, size, problems, producer] =
    row.slice(12);
  const steps = parse(unwrapped) as readonly string[] | undefined;
  const wrong = parse(problems) as readonly string[] | undefined;
  return {
    kind: 'message',
    channel: { system, cluster, name: channel, kind } as Channel,
    ...((partition !== null || offset !== null) && {
      position: { partition: partition ?? undefined, offset: offset ?? undefined } as RawMessage['position'],
    }),
    id: textOf(id),
    time: Number(time),
    clock: clock as RawMessage['clock'],
    observedAt: Number(observedAt),
    key: textOf(key) ?? bytesOf(keyBytes),
    routingKey: textOf(routingKey),
    headers: ((parse(headers) ?? []) as [string, Json][]).map(headerOf),
    properties: parse(properties) as RawMessage['properties'],
    notes: parse(notes) as RawMessage['notes'],
    body: textOf(text) ?? bytesOf(bytes) ?? null,
    ...(steps && { recorded: { unwrapped: steps, size: Number(size), ...(wrong && { problems: wrong }) } }),
    producer: textOf(producer),
  };
}

function headersText(headers: readonly Header[]): string {
  return JSON.stringify(
    headers.map(([name, value]) => [name, typeof value === 'string' ? value : { base64: toBase64(value) }]),
  );
}

function headerOf([name, value]: readonly [string, Json]): Header {
  return [name, typeof value === 'string' ? value : (base64Object(value) ?? '')];
}

function textAndBytes(value: string | Uint8Array | null | undefined): [Cell, Cell] {
  return typeof value === 'string' ? [value, null] : [null, value ?? null];
}

function json(value: unknown): Cell {
  return value === undefined ? null : JSON.stringify(value);
}

/** What `json` wrote. */
function parse(cell: Cell | undefined): unknown {
  return typeof cell === 'string' ? JSON.parse(cell) : undefined;
}

function textOf(cell: Cell | undefined): string | undefined {
  return typeof cell === 'string' ? cell : undefined;
}

function bytesOf(cell: Cell | undefined): Uint8Array | undefined {
  return cell instanceof Uint8Array ? new Uint8Array(cell) : undefined;
}
