import type { DecodedMessage } from '../../model/event.ts';
import type { Json } from '../../model/message.ts';
import { plainName, type Meaning, type RuleSet } from './rule.ts';

export type Meanings = readonly Meaning[];
export type Fields = ReadonlyMap<string, Meanings>;

/** The way to a value in a payload: names, and numbers in lists. */
export type Path = readonly string[];

/** One way to be recognised; all of it must be there. */
export interface CompiledMark {
  readonly headers: readonly string[];
  readonly payload: readonly Path[];
  readonly channel: RegExp | undefined;
}

/** A rule set with its names as they are looked up. */
export interface Framework {
  readonly name: string;
  readonly marks: readonly CompiledMark[];
  readonly prefixes: readonly string[];
  readonly prefixed: Fields;
  readonly headers: Fields;
  readonly properties: Fields;
  /** By plain name; of a framework without marks. */
  readonly payload: Fields;
  /** Values in the payload that are gone to by their path. */
  readonly paths: readonly { readonly path: Path; readonly text: string; readonly meanings: Meanings }[];
  /** Fields at the top of the payload that are read by their path, and not again by their name. */
  readonly taken: ReadonlySet<string>;
}

/** A framework that a message was recognised as being of. */
export interface Recognised {
  readonly framework: Framework;
  /** What its scoped ids are unique in. */
  readonly scope: string;
}

export function compileFramework(rules: RuleSet): Framework {
  const marks = (rules.marks ?? []).map(({ headers = [], payload = [], channel }) => ({
    headers: headers.map(plainName),
    payload: payload.map(pathOf),
    channel: channel === undefined ? undefined : new RegExp(channel),
  }));
  const inPayload = Object.entries(rules.payload ?? {});
  const isPath = (text: string): boolean => marks.length > 0 || /[.[]/.test(text);
  const paths = inPayload
    .filter(([text]) => isPath(text))
    .map(([text, meanings]) => ({ path: pathOf(text), text, meanings: listed(meanings) }));
  return {
    name: rules.framework,
    marks,
    prefixes: rules.prefixes ?? [],
    prefixed: fieldsOf(rules.prefixed, (text) => text.toLowerCase()),
    headers: fieldsOf(rules.headers, plainName),
    properties: fieldsOf(rules.properties, (text) => text),
    payload: new Map(
      inPayload
        .filter(([text]) => !isPath(text))
        .map(([text, meanings]) => [plainName(text), listed(meanings)]),
    ),
    paths,
    taken: new Set(paths.filter(({ path }) => path.length === 1).map(({ text }) => text)),
  };
}

function listed(meanings: Meaning | Meanings): Meanings {
  return Array.isArray(meanings) ? (meanings as Meanings) : [meanings as Meaning];
}

function fieldsOf(fields: RuleSet['headers'], named: (text: string) => string): Fields {
  return new Map(Object.entries(fields ?? {}).map(([text, meanings]) => [named(text), listed(meanings)]));
}

/** `source.connector`, `[1].id`. */
function pathOf(text: string): Path {
  return text.split(/[.[\]]+/).filter((step) => step !== '');
}

/** What is at a path; undefined if nothing is. */
export function valueAt(json: Json | undefined, path: Path): Json | undefined {
  let value = json;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, Json>>)[step];
  }
  return value;
}

/** The framework as recognised in a message, or undefined. */
export function recognise(framework: Framework, message: DecodedMessage): Recognised | undefined {
  for (const { headers, payload, channel } of framework.marks) {
    const found = channel === undefined ? null : channel.exec(message.channel.name);
    if (channel !== undefined && found === null) continue;
    if (!headers.every((name) => message.headers.some(([header]) => plainName(header) === name))) continue;
    if (!payload.every((path) => (valueAt(message.json, path) ?? null) !== null)) continue;
    return { framework, scope: found?.[1] ?? message.channel.name };
  }
  return undefined;
}
