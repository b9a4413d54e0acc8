import { jsonTokens } from '../base/json-tokens.ts';
import { maskedText } from '../model/message.ts';
import type { FieldPaths, Places } from './mask-path.ts';

const maskedJson = JSON.stringify(maskedText);
/** JSON in JSON in JSON …: whoever goes further than this has no good reason, and is masked as a whole. */
const deepest = 8;

/**
 * Replaces what the paths lead to in a JSON text, also in JSON that stands in its strings, plain or in base64. Everything
 * else stays as it was written, byte for byte. A null stays: it hides nothing.
 *
 * @param json valid JSON.
 * @param hidden is told each text and number that was replaced.
 */
export function maskJson(json: string, paths: FieldPaths, hidden: (value: string) => void): string {
  return maskFrom(json, paths.top, paths, hidden, 0);
}

function maskFrom(
  json: string,
  top: Places,
  paths: FieldPaths,
  hidden: (value: string) => void,
  depth: number,
): string {
  const edit = createEdit(json);
  /** Lists and objects around; a list's places are those of its elements. */
  const around: { readonly isList: boolean; readonly places: Places }[] = [];
  let places = top;
  /** Set while inside of something that is masked as a whole. */
  let masked: { readonly start: number; readonly depth: number } | undefined;

  for (const token of jsonTokens(json)) {
    const { kind, start, end } = token;
    if (masked !== undefined) {
      const opens = kind === '{' || kind === '[';
      const closes = kind === '}' || kind === ']';
      if (!opens && !closes && kind !== 'name') tell(json, start, end, kind, hidden);
      const open: number = masked.depth + (opens ? 1 : closes ? -1 : 0);
      if (open === 0) edit.replace(masked.start, end, maskedJson);
      masked = open === 0 ? undefined : { start: masked.start, depth: open };
      continue;
    }
    if (kind === 'name') {
      places = paths.field(around.at(-1)?.places ?? top, textOf(json, start, end));
      continue;
    }
    if (kind === '}' || kind === ']') {
      around.pop();
      places = around.at(-1)?.places ?? top;
      continue;
    }
    if (paths.matches(places)) {
      if (kind === '{' || kind === '[') masked = { start, depth: 1 };
      else if (json.slice(start, end) !== 'null') {
        tell(json, start, end, kind, hidden);
        edit.replace(start, end, maskedJson);
      }
    } else if (kind === '{' || kind === '[') {
      if (kind === '[') places = paths.element(places);
      around.push({ isList: kind === '[', places });
    } else if (kind === 'string') {
      const text = textOf(json, start, end);
      const inner = maskInner(text, places, paths, hidden, depth + 1);
      if (inner !== text) edit.replace(start, end, JSON.stringify(inner));
    }
  }
  return edit.result();
}

/**
 * The same for a text that may be JSON, plain or in base64: paths begin anew in it, and go on from where it stands. What
 * begins like JSON and is not is masked as a whole, since nobody can tell what of it is which field.
 */
export function maskInner(
  text: string,
  places: Places,
  paths: FieldPaths,
  hidden: (value: string) => void,
  depth = 0,
): string {
  const inner = innerOf(text);
  if (!inner) return text;
  const { json, back } = inner;
  if (!isJson(json)) return /^\s*[{[][^]*"\s*:/.test(json) ? maskedText : text;
  if (depth > deepest) return maskedText;
  const masked = maskFrom(json, [...new Set([...paths.top, ...places])], paths, hidden, depth);
  return masked === json ? text : back(masked);
}

/** What may be JSON in a text, and how it is put back: as it is, or out of base64, where `{` and `[` begin with e and W. */
function innerOf(text: string): { json: string; back: (json: string) => string } | undefined {
  const { length } = text;
  if (length < 6) return undefined;
  const first = text.trimStart().charAt(0);
  if (first === '{' || first === '[' || first === '"') return { json: text, back: (json) => json };
  if ((first !== 'e' && first !== 'W') || length % 4 === 1 || !/^[\w+/-]+={0,2}$/.test(text))
    return undefined;
  const json = Buffer.from(text, 'base64').toString();
  return /^\s*[{[]/.test(json)
    ? { json, back: (changed) => Buffer.from(changed).toString('base64') }
    : undefined;
}

/**
 * Rewrites every text in a JSON text; numbers and words count as texts that may change. Names of fields change too (a map
 * from address to order), unless they are plain words: a field called `name` stays, whatever somebody is called.
 */
export function hideInJson(json: string, hide: (text: string) => string): string {
  const edit = createEdit(json);
  for (const { kind, start, end } of jsonTokens(json)) {
    if (kind !== 'name' && kind !== 'string' && kind !== 'value') continue;
    const text = kind === 'value' ? json.slice(start, end) : textOf(json, start, end);
    if (kind === 'name' && /^[\p{L}_]+$/u.test(text)) continue;
    const hidden = (kind === 'string' && hideInInner(text, hide)) || hide(text);
    if (hidden !== text) edit.replace(start, end, JSON.stringify(hidden));
  }
  return edit.result();
}

/** Within JSON in a string, where a value may be written with escapes. Undefined where it is none, or holds nothing. */
function hideInInner(text: string, hide: (text: string) => string): string | undefined {
  const inner = innerOf(text);
  if (!inner || !isJson(inner.json)) return undefined;
  const hidden = hideInJson(inner.json, hide);
  return hidden === inner.json ? undefined : inner.back(hidden);
}

/** A byte order mark in front is none of JSON's, yet some send one. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return true;
  } catch {
    return false;
  }
}

function tell(json: string, start: number, end: number, kind: string, hidden: (value: string) => void): void {
  if (kind === 'string') {
    const text = textOf(json, start, end);
    hidden(text);
    // What stands in JSON in it may stand elsewhere by itself.
    if (/^\s*[{[]/.test(text) && isJson(text))
      for (const inner of jsonTokens(text))
        if (inner.kind === 'string') hidden(textOf(text, inner.start, inner.end));
        else if (inner.kind === 'value') tell(text, inner.start, inner.end, inner.kind, hidden);
    return;
  }
  const word = json.slice(start, end);
  if (word !== 'true' && word !== 'false' && word !== 'null') hidden(word);
}

function textOf(json: string, start: number, end: number): string {
  return JSON.parse(json.slice(start, end)) as string;
}

/** A text, some pieces of which are replaced from left to right. */
function createEdit(text: string) {
  let done = '';
  let copied = 0;
  return {
    replace(start: number, end: number, by: string): void {
      done += text.slice(copied, start) + by;
      copied = end;
    },
    result: () => (copied === 0 ? text : done + text.slice(copied)),
  };
}
