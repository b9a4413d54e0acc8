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
  /** A quick look whether `text` may change anything in there. */
  hides(text: string): boolean;
}

/** Shorter values are hidden only where they are all there is: `12` stands in many a text by chance. */
const shortest = 4;

const alphanumeric = '[\\p{L}\\p{N}]';

/** A value that is no part of a longer word or number; where it ends in punctuation, anything may follow. */
function whole(value: string): string {
  const before = new RegExp(`^${alphanumeric}`, 'u').test(value) ? `(?<!${alphanumeric})` : '';
  const after = new RegExp(`${alphanumeric}$`, 'u').test(value) ? `(?!${alphanumeric})` : '';
  return before + RegExp.escape(value) + after;
}

export function createHiding(): Hiding {
  const values = new Set<string>();
  let pattern: RegExp | undefined;

  /** Long values first, so that none is left half covered. */
  function patternOf(): RegExp | undefined {
    if (pattern) return pattern;
    const long = [...values].filter((value) => value.length >= shortest).sort((a, b) => b.length - a.length);
    if (long.length === 0) return undefined;
    pattern = new RegExp(long.map(whole).join('|'), 'gu');
    return pattern;
  }

  function add(value: string | Uint8Array): void {
    const shown = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
    if (shown === '' || shown === maskedText) return;
    values.add(shown);
    pattern = undefined;
  }

  function text(given: string): string {
    if (values.has(given)) return maskedText;
    const found = patternOf();
    return found ? given.replace(found, maskedText) : given;
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
    for (const value of values) {
      if (value.length < shortest) continue;
      if (all.includes(value) || all.includes(value, 0, 'latin1')) return true;
    }
    return false;
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
    long: (given) => (given.length < shortest ? given : text(given)),
    value: (given) => (typeof given === 'string' ? text(given) : bytes(given) ? maskedText : given),
    deep,
    bytes,
    hides(given) {
      const long = [...values].filter((value) => value.length >= shortest);
      // Escaped and encoded, a value looks otherwise.
      return (
        long.length > 0 && (/\\|[eW][\w+/-]{20}/.test(given) || long.some((value) => given.includes(value)))
      );
    },
  };
}
