import type { DuckDBBlobValue } from '@duckdb/node-api';
import { hashText } from '../base/hash.ts';
import type { Event, Facts, Payload } from '../model/event.ts';
import { factsFromText } from '../model/facts-text.ts';
import type { Channel, Header, Json, Position } from '../model/message.ts';
import type { EventFacts } from '../model/trace.ts';
import type { Row } from './database.ts';
import type { LargePayload } from './large-payloads.ts';
import type { EventHead } from './trace-store.ts';

/** What many events have in common, kept once a segment. */
export interface EventSource {
  readonly connection: string;
  readonly channel: Channel;
  readonly clock: Event['clock'];
  readonly format: Payload['format'];
  readonly type?: string;
  readonly producer?: string;
}

export function sourceOf(event: Event): EventSource {
  const { type, producer } = event.facts;
  return {
    connection: event.connection,
    channel: event.channel,
    clock: event.clock,
    format: event.payload.format,
    ...(type !== undefined && { type }),
    ...(producer !== undefined && { producer }),
  };
}

/** Tells two sources apart. */
export function sourceKey({
  connection,
  channel: c,
  clock,
  facts,
  payload: { format },
}: SourceParts): string {
  return `${connection}\0${c.system}\0${c.cluster}\0${c.name}\0${c.kind}\0${clock}\0${format}\0${facts.type ?? '\u0001'}\0${facts.producer ?? '\u0001'}`;
}

interface SourceParts {
  readonly connection: string;
  readonly channel: Channel;
  readonly clock: string;
  readonly payload: { readonly format: string };
  readonly facts: { readonly type?: string; readonly producer?: string };
}

/** Calls back with the hash of each value by which the event can be found, its name first. Some may come twice. */
export function eachHash(
  { ids, causes, trace, keys }: Facts,
  idHash: number,
  found: (hash: number) => void,
): void {
  found(idHash);
  for (const id of ids) found(hashText(id));
  for (const cause of causes) found(hashText(cause.id));
  if (trace) {
    found(hashText(trace.traceId));
    if (trace.spanId !== undefined) found(hashText(trace.spanId));
    if (trace.parentSpanId !== undefined) found(hashText(trace.parentSpanId));
  }
  for (const key of keys) found(hashText(key.value));
}

type TextOrBytes = string | { readonly base64: string };
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/** What few events have, in one column that is mostly null. */
export interface Extra {
  readonly routingKey?: string;
  readonly keyBytes?: string;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly notes?: Readonly<Record<string, Json>>;
  readonly unwrapped?: readonly string[];
  readonly problems?: readonly string[];
  readonly large?: LargePayload;
}

/** What few events have, as text; undefined where an event has none of it. */
export function extraToText(event: Event): string | undefined {
  const { key, routingKey, properties, notes, payload, problems } = event;
  const keyBytes = key === undefined || typeof key === 'string' ? undefined : toBase64(key);
  const { unwrapped } = payload;
  if ((routingKey ?? keyBytes ?? properties ?? notes ?? unwrapped ?? problems) === undefined)
    return undefined;
  return JSON.stringify({
    routingKey,
    keyBytes,
    properties,
    notes,
    unwrapped,
    problems,
  } satisfies Extra);
}

export function headersToText(headers: readonly Header[]): string {
  return JSON.stringify(
    headers.map(([name, value]) => [name, typeof value === 'string' ? value : { base64: toBase64(value) }]),
  );
}

function headersFromText(text: string): Header[] {
  return (JSON.parse(text) as [string, TextOrBytes][]).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : fromBase64(value.base64),
  ]);
}

/** Columns of `eventFromRow`, in order. */
export const eventColumns =
  'seq, source, id, partition, "offset", time, observed_at, key, headers, payload, payload_bytes, size, facts, extra';

/** The event of a row, and where its payload lies if that is not in the row. */
export function eventFromRow(
  row: Row,
  sources: readonly EventSource[],
): { readonly event: Event; readonly large?: LargePayload } {
  const [
    seq,
    sourceId,
    id,
    partition,
    offset,
    time,
    observedAt,
    key,
    headers,
    text,
    bytes,
    size,
    facts,
    extra,
  ] = row as [
    number,
    number,
    string,
    number | null,
    string | null,
    number,
    number,
    string | null,
    string | null,
    string | null,
    DuckDBBlobValue | null,
    number,
    string,
    string | null,
  ];
  const source = sources[sourceId]!;
  const { routingKey, keyBytes, properties, notes, unwrapped, problems, large } =
    extra === null ? ({} as Extra) : (JSON.parse(extra) as Extra);
  const position = toPosition(partition, offset);
  const event: Event = {
    seq,
    id,
    connection: source.connection,
    channel: source.channel,
    ...(position && { position }),
    time,
    clock: source.clock,
    observedAt,
    ...(key !== null && { key }),
    ...(keyBytes !== undefined && { key: fromBase64(keyBytes) }),
    ...(routingKey !== undefined && { routingKey }),
    headers: headers === null ? [] : headersFromText(headers),
    ...(properties && { properties }),
    ...(notes && { notes }),
    payload: {
      format: source.format,
      ...(text !== null && { text }),
      ...(bytes !== null && { bytes: new Uint8Array(bytes.bytes) }),
      size,
      ...(unwrapped && { unwrapped }),
    },
    ...(problems && { problems }),
    facts: factsFromText(facts, source),
  };
  return { event, ...(large && { large }) };
}

function toPosition(partition: number | null, offset: string | null): Position | undefined {
  if (partition === null && offset === null) return undefined;
  return { ...(partition !== null && { partition }), ...(offset !== null && { offset }) };
}

/** Columns of `factsFromRow`, in order. */
export const factsColumns = 'seq, source, id, time, facts, partition, "offset"';

export function factsFromRow(row: Row, sources: readonly EventSource[]): EventFacts {
  const [seq, sourceId, id, time, facts, partition, offset] = row as [
    number,
    number,
    string,
    number,
    string,
    number | null,
    string | null,
  ];
  const source = sources[sourceId]!;
  const position = toPosition(partition, offset);
  return {
    ...{ seq, id, channel: source.channel, time, clock: source.clock },
    facts: factsFromText(facts, source),
    ...(position && { position }),
  };
}

/** Columns of `headFromRow`, in order. A key of bytes is not shown in an outline. */
export const headColumns = `${factsColumns}, observed_at, size, key, extra ->> '$.notes.connection'`;

export function headFromRow(row: Row, sources: readonly EventSource[]): EventHead {
  const [partition, offset, observedAt, size, key, client] = row.slice(5) as [
    number | null,
    string | null,
    number,
    number,
    string | null,
    string | null,
  ];
  const { connection, format } = sources[row[1] as number]!;
  return {
    ...factsFromRow(row, sources),
    connection,
    observedAt,
    ...(offset !== null && { offset }),
    ...(partition !== null && { partition }),
    size,
    format,
    ...(key !== null && { key }),
    ...(client !== null && { client }),
  };
}
