/** Any JSON value, as payloads hold it. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** Fields of a payload. */
export type Data = { readonly [name: string]: Json | undefined };

/** What a header may be: text, a number, or bytes as base64. */
export type HeaderValue = Json;

/** Where a message is published. */
export interface Place {
  readonly system: 'kafka' | 'rabbitmq' | 'redis';
  readonly channel: string;
  readonly channelKind?: string;
  /** Kafka: how many there are; 3 otherwise. */
  readonly partitions?: number;
}

/** A message as it goes over the wire. */
export interface Wire {
  readonly place: Place;
  readonly key?: string;
  readonly routingKey?: string;
  readonly headers?: Data;
  /** Instead of `headers`, where a name repeats. */
  readonly headerPairs?: readonly (readonly [string, Json])[];
  readonly properties?: Data;
  readonly payload?: Json;
  readonly payloadText?: string;
}

/** What an application is told of a broker: kept as it goes into the file. */
export type Line = Data;

/** A whole number as Kafka's Java serializers write it: big-endian bytes. */
export function bigEndian(value: number, bytes: 4 | 8): HeaderValue {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeInt32BE(value);
  else buffer.writeBigInt64BE(BigInt(value));
  return { base64: buffer.toString('base64') };
}

/** The 16 bytes of a UUID. */
export function uuidBytes(uuid: string): HeaderValue {
  return { base64: Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64') };
}

/** All names of fields in another spelling, at every depth. */
export function renamed(value: Json, spell: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => renamed(item, spell));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      spell(name),
      item === undefined ? null : renamed(item, spell),
    ]),
  );
}

export const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
export const kebab = (name: string) => snake(name).replaceAll('_', '-').replace(/^-/, '');
