import type { Channel, ChannelKind, Json, System } from '../model/message.ts';
import { parseTime } from './time.ts';

/** What is wrong with a line, as the user reads it behind the line's number. */
export class LineError extends Error {}

/** A JSON object as JSON.parse made it: `__proto__` is an own property like any other. */
export type Fields = { readonly [name: string]: Json };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property; what an object inherits (`constructor`) is never data. null counts as absent. */
export function field(fields: Fields, name: string): Json | undefined {
  return Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined;
}

/** A text. Numbers are taken as they are written, since ids and offsets often come as such. */
export function text(fields: Fields, name: string): string | undefined {
  const value = field(fields, name);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new LineError(`"${name}" is a number too large to be read exactly: put it in quotes`);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new LineError(`"${name}" must be a text`);
}

export function requiredText(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (value === undefined || value === '') throw new LineError(`"${name}" is missing`);
  return value;
}

export function wholeNumber(fields: Fields, name: string): number | undefined {
  const value = field(fields, name);
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new LineError(`"${name}" must be a whole number`);
}

export function time(fields: Fields, name: string): number | undefined {
  const value = field(fields, name);
  if (value === undefined) return undefined;
  const ms = parseTime(value);
  if (ms === undefined) throw new LineError(`"${name}" is not a time such as 2026-03-01T10:00:00.123Z`);
  return ms;
}

/** One of some words; a word that is none of them is an error. */
export function word<T extends string>(fields: Fields, name: string, words: readonly T[]): T | undefined {
  const value = text(fields, name);
  if (value === undefined) return undefined;
  const known = words.find((candidate) => candidate === value);
  if (known === undefined) {
    throw new LineError(`"${name}" is ${JSON.stringify(value).slice(0, 60)}, not one of ${words.join(', ')}`);
  }
  return known;
}

/** `{"base64":"…"}` and nothing else: how bytes stand where a text could stand. */
export function base64Object(value: Json): Uint8Array | undefined {
  if (!isFields(value)) return undefined;
  const names = Object.keys(value);
  const encoded = names.length === 1 && names[0] === 'base64' ? value['base64'] : undefined;
  return typeof encoded === 'string' ? fromBase64(encoded) : undefined;
}

/** Bytes of a base64 text, also of its URL-safe form; undefined where it is neither. */
export function fromBase64(encoded: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(encoded)
    ? new Uint8Array(Buffer.from(encoded, 'base64'))
    : undefined;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

const systems: readonly System[] = ['kafka', 'rabbitmq', 'redis', 'aws'];
const kinds: readonly ChannelKind[] = [
  'topic',
  'exchange',
  'queue',
  'stream',
  'pubsub',
  'list',
  'sns-topic',
  'sqs-queue',
];

/** What a channel is where no line says so: what is published to. */
const publishedTo: Readonly<Record<System, ChannelKind>> = {
  kafka: 'topic',
  rabbitmq: 'exchange',
  redis: 'stream',
  aws: 'sns-topic',
};
/** What is consumed from, or bound to. */
const consumedFrom: Readonly<Record<System, ChannelKind>> = {
  ...publishedTo,
  rabbitmq: 'queue',
  aws: 'sqs-queue',
};

export type ChannelUse = 'published' | 'consumed';

export function defaultKind(system: System, use: ChannelUse): ChannelKind {
  return (use === 'published' ? publishedTo : consumedFrom)[system];
}

/** The channel that a line names; `kind` is undefined where the line does not say. */
export function channelOf(fields: Fields): Omit<Channel, 'kind'> & { kind?: ChannelKind } {
  const system = word(fields, 'system', systems);
  if (system === undefined) throw new LineError(`"system" is missing: ${systems.join(', ')}`);
  return {
    system,
    cluster: text(fields, 'cluster') ?? 'default',
    name: requiredText(fields, 'channel'),
    // Kafka has one kind only; where there are several, other lines may tell.
    kind: kindOf(fields, 'channelKind') ?? (system === 'kafka' ? 'topic' : undefined),
  };
}

export function kindOf(fields: Fields, name: string): ChannelKind | undefined {
  return word(fields, name, kinds);
}
