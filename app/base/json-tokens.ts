/** A piece of a JSON text, as half-open range of it. `value` is a number or a word; marks are `{`, `}`, `[`, `]`. */
export interface JsonToken {
  readonly kind: 'name' | 'string' | 'value' | '{' | '}' | '[' | ']';
  readonly start: number;
  readonly end: number;
}

const quoteMark = 0x22;
const backslash = 0x5c;
const marks = new Map<number, '{' | '}' | '[' | ']'>([
  [0x7b, '{'],
  [0x7d, '}'],
  [0x5b, '['],
  [0x5d, ']'],
]);

/** The tokens of a valid JSON text in order, without commas and colons. Anything may come out of text that is not JSON. */
export function* jsonTokens(json: string): Generator<JsonToken, void> {
  for (let at = 0; at < json.length;) {
    const unit = json.charCodeAt(at);
    const mark = marks.get(unit);
    if (mark !== undefined) {
      yield { kind: mark, start: at, end: ++at };
    } else if (unit === quoteMark) {
      const end = stringEnd(json, at) + 1;
      yield { kind: isColon(json, end) ? 'name' : 'string', start: at, end };
      at = end;
    } else if (isBetween(unit)) {
      at++;
    } else {
      const start = at;
      while (at < json.length && !isBetween(json.charCodeAt(at)) && !marks.has(json.charCodeAt(at))) at++;
      yield { kind: 'value', start, end: at };
    }
  }
}

/** Where the string that opens at `open` closes. */
export function stringEnd(json: string, open: number): number {
  for (let at = json.indexOf('"', open + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return json.length;
}

/** Whether a colon is next: what stands before it is a name. */
function isColon(json: string, at: number): boolean {
  let next = at;
  while (isSpace(json.charCodeAt(next))) next++;
  return json.charCodeAt(next) === 0x3a;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Blanks, commas, colons, and a byte order mark. */
function isBetween(unit: number): boolean {
  return isSpace(unit) || unit === 0x2c || unit === 0x3a || unit === 0xfeff;
}
