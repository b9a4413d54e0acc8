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
};

/** Names may be data (a map of ids to things): the cache must not grow with it. */
const fieldsKept = 20_000;

/** Looks fields up by name, each name once. */
export function createFields(meaningsOf: (name: string) => Meanings | undefined): (name: string) => Field {
  const cache = new Map<string, Field>();

  function find(name: string): Field {
    const field: Field = {
      key: keyName(name),
      isBareId: bareIds.has(name),
      isBody: bodies.has(name),
      isType: types.has(name),
      meanings: name.length > 64 ? undefined : meaningsOf(name),
    };
    const { key, isBareId, isBody, isType, meanings } = field;
    return key || isBareId || isBody || isType || meanings ? field : noField;
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
