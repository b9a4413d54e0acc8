import { isUtf8 } from 'node:buffer';
import type { Header } from '../../model/message.ts';

/** Fields whose JSON is the message, the likeliest first; the others are its headers then. */
const payloadFields = ['payload', 'data', 'body', 'message', 'event', 'value', 'json', 'content'];

/** What a stream entry's fields mean as a message. */
export interface EntryContent {
  readonly body: Uint8Array | string;
  readonly headers: readonly Header[];
}

/**
 * An entry as a message. A field named `payload`, `data`, `body`, `message`, `event`, `value`, `json` or `content` that
 * holds a JSON object or array is the body, and the other fields are headers. Else the body is a JSON object of all
 * fields; bytes that are no UTF-8 become `{"base64": …}` there, and a name that repeats gets a list.
 *
 * @param fields names and values in turn, as Redis replies them.
 */
export function readEntry(fields: readonly Uint8Array[]): EntryContent {
  const pairs: (readonly [name: string, value: Uint8Array])[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) pairs.push([text(fields[i]!), fields[i + 1]!]);
  for (const name of payloadFields) {
    const at = pairs.findIndex(([field, value]) => field.toLowerCase() === name && looksLikeJson(value));
    if (at < 0) continue;
    return {
      body: pairs[at]![1],
      headers: pairs.filter((_, i) => i !== at).map(([field, value]) => [field, textOrBytes(value)] as const),
    };
  }
  return { body: toJsonObject(pairs), headers: [] };
}

/** Written by hand: names such as `__proto__` must stay what they are. */
function toJsonObject(pairs: readonly (readonly [string, Uint8Array])[]): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const json = isUtf8(value)
      ? JSON.stringify(text(value))
      : `{"base64":"${Buffer.from(value).toString('base64')}"}`;
    byName.set(name, [...(byName.get(name) ?? []), json]);
  }
  const members = [...byName].map(
    ([name, values]) => `${JSON.stringify(name)}:${values.length === 1 ? values[0] : `[${values.join()}]`}`,
  );
  return `{${members.join()}}`;
}

function textOrBytes(value: Uint8Array): string | Uint8Array {
  return isUtf8(value) ? text(value) : value;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** An object or array by its first and last byte; decoding tells whether it is valid. */
function looksLikeJson(value: Uint8Array): boolean {
  let first = 0;
  let last = value.length - 1;
  while (first < last && isSpace(value[first]!)) first++;
  while (last > first && isSpace(value[last]!)) last--;
  const ends = String.fromCharCode(value[first] ?? 0, value[last] ?? 0);
  return last > first && (ends === '{}' || ends === '[]');
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
