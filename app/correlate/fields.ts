import { foundName } from './found.ts';
import { keyName, type KeyName } from './names.ts';
import type { Meanings } from './rules/framework.ts';

/** All that the name of a field in a payload may mean, looked up at once. */
export interface Field {
  readonly key: KeyName | undefined;
  /** `id` and its like. */
  readonly isBareId: boolean;
  /** What wraps the message proper. */
  readonly isBody: boolean;
  /** `type`: what the message is, at the top of it. */
  readonly isType: boolean;
  /** Of an envelope: what rules say. */
  readonly meanings: Meanings | undefined;
  /** What a key of this name is called, if its values turn out to be keys. */
  readonly found: string | undefined;
}

const bareIds = new Set(['id', '_id', 'Id', 'ID', 'uuid', 'guid']);
const bodies = new Set(['data', 'payload', 'body', 'message', 'Message', 'detail', 'content', 'value']);
const types = new Set(['type', '@type', 'event', 'name']);

/** A field that says nothing. */
export const noField: Field = {
  key: undefined,
  isBareId: false,
  isBody: false,
  isType: false,
  meanings: undefined,
  found: undefined,
};

/** Names may be data (a map of ids to things): the cache must not grow with it. */
const fieldsKept = 20_000;

/** Looks fields up by name, each name once. */
export function createFields(meaningsOf: (name: string) => Meanings | undefined): (name: string) => Field {
  const cache = new Map<string, Field>();

  function find(name: string): Field {
    const own = keyName(name);
    const field: Field = {
      key: own,
      isBareId: bareIds.has(name),
      isBody: bodies.has(name),
      isType: types.has(name),
      meanings: name.length > 64 ? undefined : meaningsOf(name),
      found: own ? undefined : foundName(name),
    };
    const { key, isBareId, isBody, isType, meanings, found } = field;
    return key || isBareId || isBody || isType || meanings || found !== undefined ? field : noField;
  }

  return (name) => {
    const seen = cache.get(name);
    if (seen !== undefined) return seen;
    const field = find(name);
    if (cache.size >= fieldsKept) cache.clear();
    cache.set(name, field);
    return field;
  };
}
