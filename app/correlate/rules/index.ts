import { keyName, type KeyName } from '../names.ts';
import { amqp } from './amqp.ts';
import { cloudEvents } from './cloudevents.ts';
import { generic } from './generic.ts';
import { plainName, type Meaning, type RuleSet } from './rule.ts';
import { springKafka } from './spring-kafka.ts';
import { traceContext } from './trace-context.ts';

/** All rules, the more trusted first: the first that says what a name means is believed. */
export const ruleSets: readonly RuleSet[] = [traceContext, cloudEvents, springKafka, amqp, generic];

/** What a header says: a rule's meaning, or a business key by its name. */
export interface HeaderMeaning {
  readonly meaning?: Meaning;
  readonly key?: KeyName;
}

const nothing: HeaderMeaning = {};
const headerCache = new Map<string, HeaderMeaning>();
const payloadCache = new Map<string, Meaning | null>();
const cacheSize = 10_000;

export function headerMeaning(name: string): HeaderMeaning {
  const seen = headerCache.get(name);
  if (seen !== undefined) return seen;
  if (headerCache.size >= cacheSize) headerCache.clear();
  const result = name.length > 100 ? nothing : findHeader(name);
  headerCache.set(name, result);
  return result;
}

export function propertyMeaning(name: string): Meaning | undefined {
  return properties.get(name);
}

export function payloadMeaning(name: string): Meaning | undefined {
  const seen = payloadCache.get(name);
  if (seen !== undefined) return seen ?? undefined;
  if (payloadCache.size >= cacheSize) payloadCache.clear();
  const result = name.length > 64 ? undefined : payload.get(plainName(name));
  payloadCache.set(name, result ?? null);
  return result;
}

const headers = merged((rules) => rules.headers);
const properties = merged((rules) => rules.properties);
const payload = merged((rules) => rules.payload);

function merged(
  part: (rules: RuleSet) => Readonly<Record<string, Meaning>> | undefined,
): Map<string, Meaning> {
  const map = new Map<string, Meaning>();
  for (const rules of ruleSets) {
    for (const [name, meaning] of Object.entries(part(rules) ?? {}))
      if (!map.has(name)) map.set(name, meaning);
  }
  return map;
}

function findHeader(name: string): HeaderMeaning {
  for (const rules of ruleSets) {
    const prefix = rules.prefixes?.find((p) => name.toLowerCase().startsWith(p.toLowerCase()));
    if (prefix === undefined) continue;
    const rest = name.slice(prefix.length);
    const own = new Map(Object.entries(rules.prefixed ?? {})).get(rest.toLowerCase());
    return own ? { meaning: own } : findPlain(rest);
  }
  return findPlain(name);
}

function findPlain(name: string): HeaderMeaning {
  const meaning = headers.get(plainName(name));
  if (meaning) return { meaning };
  const key = keyName(name.replace(/^x-/i, ''));
  return key && !key.bare ? { key } : nothing;
}
