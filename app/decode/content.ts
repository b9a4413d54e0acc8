import type { RawMessage } from '../model/message.ts';
import { isEncoding, type Encoding } from './compression.ts';

/** What a message says of its own payload, by header (Kafka, streams) or by AMQP property. */

/** The media type without parameters, in lower case. */
export function contentType(raw: RawMessage): string | undefined {
  const value = stated(raw, 'content_type', 'content-type', 'content_type', 'contenttype');
  if (value === undefined) return undefined;
  const semicolon = value.indexOf(';');
  return (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase();
}

/** Compressions to undo, in that order: the last applied comes first. Names that are none (`utf-8`, `identity`) are left out. */
export function encodings(raw: RawMessage): readonly Encoding[] {
  const value = stated(raw, 'content_encoding', 'content-encoding', 'content_encoding', 'contentencoding');
  if (value === undefined) return none;
  return value
    .split(',', 8)
    .map((name) => name.trim().toLowerCase().replace(/^x-/, ''))
    .filter(isEncoding)
    .reverse();
}

const none: readonly Encoding[] = [];

export function isJsonType(type: string): boolean {
  return type.endsWith('/json') || type.endsWith('+json');
}

/** Structured mode: the whole event, attributes and data, is the payload. */
export function isCloudEvent(type: string): boolean {
  return type.startsWith('application/cloudevents');
}

function stated(raw: RawMessage, property: string, ...headers: readonly string[]): string | undefined {
  const value = raw.properties?.[property];
  if (typeof value === 'string' && value !== '') return value;
  for (const [name, header] of raw.headers) {
    // The length first: most headers are ruled out without making a lower-case copy of their name.
    if (name.length < 11 || name.length > 16 || typeof header !== 'string') continue;
    if (headers.includes(name.toLowerCase())) return header;
  }
  return undefined;
}
