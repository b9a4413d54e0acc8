import type { DecodedMessage, Payload } from '../model/event.ts';
import type { Json, RawMessage } from '../model/message.ts';
import { contentType, encodings, isCloudEvent, isJsonType } from './content.ts';
import { sniff, unwrap } from './compression.ts';

/** Keeps a byte order mark, so that what is stored is what was sent; JSON is parsed without it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What decoding works on, step by step. */
interface Work {
  body: Uint8Array | string;
  /** Bytes on the wire. */
  readonly size: number;
  /** Most payloads are not wrapped and have no problem: then there are no lists. */
  unwrapped: string[] | undefined;
  problems: string[] | undefined;
}

function wasWrapped(work: Work, by: string): void {
  (work.unwrapped ??= []).push(by);
}

function hasProblem(work: Work, problem: string): void {
  // What a recording says of itself is found again when it is read.
  if (work.problems?.includes(problem) !== true) (work.problems ??= []).push(problem);
}

/**
 * Understands the payload of a message: compression, text or binary, JSON. Never throws: what cannot be understood
 * stays as it is, with a sentence in `problems`.
 */
export function decodeMessage(raw: RawMessage): DecodedMessage {
  const { body, recorded } = raw;
  if (body === null) return decoded(raw, { format: 'tombstone', size: 0 });
  if (body.length === 0 && !recorded) return decoded(raw, { format: 'empty', size: 0 });

  const work = unwrapBody(raw, body);
  const { size, body: text } = work;
  if (typeof text !== 'string') return binary(raw, size, work);
  if (text.length === 0)
    return decoded(raw, { format: 'empty', size, unwrapped: work.unwrapped }, undefined, work);

  const type = contentType(raw);
  const json = parseJson(text, type !== undefined && isJsonType(type), work);
  if (
    type !== undefined &&
    json !== undefined &&
    isCloudEvent(type) &&
    work.unwrapped?.includes('cloudevents') !== true
  ) {
    wasWrapped(work, 'cloudevents');
  }
  const format = json === undefined ? 'text' : 'json';
  const payload: Payload = { format, text, size, unwrapped: work.unwrapped };
  return decoded(raw, payload, json, work);
}

/** The first half of decoding: undoes compressions, and tells text (which comes as such) from bytes. */
export function unwrapBody(raw: RawMessage, body: Uint8Array | string): Readonly<Work> {
  const { recorded } = raw;
  const work: Work = {
    body,
    size: recorded?.size ?? (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength),
    unwrapped: recorded && recorded.unwrapped.length > 0 ? [...recorded.unwrapped] : undefined,
    problems: recorded?.problems && [...recorded.problems],
  };
  if (typeof body === 'string') return work;
  if (!recorded) undoEncodings(raw, work);
  let text = toText(work.body);
  if (text === undefined && !recorded && work.unwrapped === undefined) {
    const guess = sniff(work.body as Uint8Array);
    const bytes = guess && unwrap(guess, work.body as Uint8Array);
    if (guess && bytes && 'bytes' in bytes) {
      work.body = bytes.bytes;
      wasWrapped(work, guess);
      text = toText(bytes.bytes);
    }
  }
  if (text !== undefined) work.body = text;
  return work;
}

/** Undoes what the content encoding says, last applied first; stops where the bytes say otherwise. */
function undoEncodings(raw: RawMessage, work: Work): void {
  for (const encoding of encodings(raw)) {
    const result = unwrap(encoding, work.body as Uint8Array);
    if ('problem' in result) {
      hasProblem(work, result.problem);
      return;
    }
    work.body = result.bytes;
    wasWrapped(work, encoding);
  }
}

function toText(body: Uint8Array | string): string | undefined {
  if (typeof body === 'string') return body;
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

/** Objects and arrays are JSON wherever they parse; a lone number or word only where the sender says that it is JSON. */
function parseJson(text: string, declared: boolean, work: Work): Json | undefined {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (isSpace(text.charCodeAt(start))) start++;
  const first = text.charCodeAt(start);
  if (first !== 0x7b && first !== 0x5b && !declared) return undefined;
  try {
    return JSON.parse(start === 0 ? text : text.slice(start)) as Json;
  } catch (error) {
    if (declared) {
      hasProblem(work, `The content type says JSON, but the payload is not: ${firstLine(error)}`);
    }
    return undefined;
  }
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function binary(raw: RawMessage, size: number, work: Work): DecodedMessage {
  const type = contentType(raw);
  if (type !== undefined && (isJsonType(type) || type.startsWith('text/'))) {
    hasProblem(work, `The content type says ${type.slice(0, 100)}, but the payload is not valid UTF-8.`);
  }
  const bytes = work.body as Uint8Array;
  return decoded(raw, { format: 'binary', bytes, size, unwrapped: work.unwrapped }, undefined, work);
}

/** One shape for every message, so that what follows stays fast. */
function decoded(raw: RawMessage, payload: Payload, json?: Json, work?: Work): DecodedMessage {
  return {
    kind: 'message',
    channel: raw.channel,
    position: raw.position,
    id: raw.id,
    time: raw.time,
    clock: raw.clock,
    observedAt: raw.observedAt,
    key: raw.key,
    routingKey: raw.routingKey,
    headers: raw.headers,
    properties: raw.properties,
    recorded: raw.recorded,
    producer: raw.producer,
    notes: raw.notes,
    payload,
    json,
    problems: work?.problems,
  };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
