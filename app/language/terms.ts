/** One blank-separated part of a query: `value`, `name=value` or `field:value`, unquoted. */
export interface Term {
  /** As it was typed, for notes. */
  readonly source: string;
  /** The whole term without quotes. */
  readonly text: string;
  readonly separator?: ':' | '=';
  /** What stands before and after the first separator outside quotes. */
  readonly name: string;
  readonly value: string;
  /** A quote was opened and never closed. */
  readonly unclosed: boolean;
}

const blank = /\s/;

/** Splits a query into terms. Inside double quotes, a backslash lets a quote or a backslash stand for itself. */
export function splitTerms(query: string): Term[] {
  const terms: Term[] = [];
  let at = 0;
  while (at < query.length) {
    if (blank.test(query.charAt(at))) {
      at++;
      continue;
    }
    const { term, end } = readTerm(query, at);
    terms.push(term);
    at = end;
  }
  return terms;
}

function readTerm(query: string, start: number): { term: Term; end: number } {
  let text = '';
  let quoted = false;
  let separator: Term['separator'];
  let split = -1;
  let at = start;
  for (; at < query.length; at++) {
    const character = query.charAt(at);
    const next = query.charAt(at + 1);
    if (quoted && character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at++;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && blank.test(character)) {
      break;
    } else {
      if (!quoted && split < 0 && (character === ':' || character === '=')) {
        separator = character;
        split = text.length;
      }
      text += character;
    }
  }
  const term: Term = {
    source: query.slice(start, at),
    text,
    separator,
    name: split < 0 ? '' : text.slice(0, split),
    value: split < 0 ? text : text.slice(split + 1),
    unclosed: quoted,
  };
  return { term, end: at };
}

/** Quotes a text where it would otherwise be read as something else. `special` are characters that need quotes there. */
export function quote(text: string, special: RegExp): string {
  return special.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
