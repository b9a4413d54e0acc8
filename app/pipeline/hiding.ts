import { maskedText, type Json } from '../model/message.ts';

/**
 * The masked values of one message, to be taken out of all else in it: the key of a record is often the very address
 * that its payload was masked for.
 */
export interface Hiding {
  readonly isEmpty: boolean;
  add(value: string | Uint8Array): void;
  /** Adds every text and number in it. */
  json(value: Json): void;
  /** The text with what is to be hidden replaced: all of it where it is such a value, else wherever one stands in it. */
  text(text: string): string;
  value(value: string | Uint8Array): string | Uint8Array;
  /** As `text`, but leaves short values alone: for what stands in payloads, where numbers are equal by chance. */
  long(text: string): string;
  /** A structure with all its texts and numbers so replaced. */
  deep(value: Json): Json;
  /** Whether bytes hold such a value. */
  bytes(bytes: Uint8Array): boolean;
  /** A quick look whether `long` may change anything in this JSON text. */
  hides(json: string): boolean;
}

/** Shorter values are hidden only where they are all there is: `12` stands in many a text by chance. */
const shortest = 4;

export function createHiding(): Hiding {
  const values = new Set<string>();
  /** Long values first, so that none is left half covered; put in order when first needed. */
  let long: readonly string[] | undefined;

  function longest(): readonly string[] {
    long ??= [...values].filter((v) => v.length >= shortest).sort((a, b) => b.length - a.length);
    return long;
  }

  function add(value: string | Uint8Array): void {
    const shown = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
    if (shown === '' || shown === maskedText) return;
    values.add(shown);
    long = undefined;
  }

  function text(given: string): string {
    return values.has(given) ? maskedText : longest().reduce(replaceWhole, given);
  }

  function deep(value: Json): Json {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return values.has(String(value)) ? maskedText : value;
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(deep);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deep(inner)]));
  }

  function bytes(given: Uint8Array): boolean {
    const all = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    return longest().some((value) => all.includes(value) || all.includes(value, 0, 'latin1'));
  }

  return {
    get isEmpty() {
      return values.size === 0;
    },
    add,
    json(value) {
      if (typeof value === 'string' || typeof value === 'number') add(String(value));
      else if (value !== null && typeof value === 'object')
        for (const inner of Object.values(value as Record<string, Json>)) this.json(inner);
    },
    text,
    value: (given) => (typeof given === 'string' ? text(given) : bytes(given) ? maskedText : given),
    long: (given) => (given.length < shortest ? given : text(given)),
    deep,
    bytes,
    hides(json) {
      if (longest().length === 0) return false;
      // Escaped, or in base64, a value looks otherwise.
      return json.includes('\\') || maybeBase64.test(json) || longest().some((value) => json.includes(value));
    },
  };
}

/** A JSON string that may be JSON in base64: that begins with e or W. */
const maybeBase64 = /"[eW][\w+/-]{7,}={0,2}"/;

/** Replaces a value where it is no part of a longer word or number; where it ends in punctuation, anything may follow. */
function replaceWhole(text: string, value: string): string {
  let done = '';
  let from = 0;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const end = at + value.length;
    if (isWord(text, at - 1) && isWord(text, at)) continue;
    if (isWord(text, end - 1) && isWord(text, end)) continue;
    done += text.slice(from, at) + maskedText;
    from = end;
    at = end - 1;
  }
  return from === 0 ? text : done + text.slice(from);
}

const letterOrDigit = /[\p{L}\p{N}]/u;

function isWord(text: string, at: number): boolean {
  return letterOrDigit.test(text.charAt(at));
}
