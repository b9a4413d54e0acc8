import { hashText } from '../base/hash.ts';
import type { CorrelationKey } from '../model/event.ts';
import { createKeyEdits, type KeyEdit } from '../model/key-edit.ts';
import type { Channel } from '../model/message.ts';
import type { EventFacts } from '../model/trace.ts';
import { Field, policyOf, type FieldSort, type SampleIndex } from './key-field.ts';
import { isFoundNumber, isRandomId } from './found.ts';
import { judge, type Support } from './judge.ts';
import { keyName, processRank } from './names.ts';
import { channelKey } from './subscriptions.ts';
import { isNumberId } from './values.ts';

/**
 * Which fields hold keys: what their names say, what their values prove, and, before both, what the user says.
 *
 * Verdicts are given only when asked for (`judge`), and depend on the set of events alone.
 */
export interface Fields {
  /** Takes down what an event carries. */
  observe(event: EventFacts): void;
  /** Judges anew what was observed, and tells the fields of which other values join now. */
  judge(): ReadonlySet<Field>;
  /** Whether this key, on an event of that channel, joins. */
  joins(channel: Channel, key: CorrelationKey): boolean;
  /** The name by which a plain number is told from others: `reference` for what may be any process's. */
  tokenName(channel: Channel, key: CorrelationKey): string;
  /** The field that a key stands in, if it was observed. */
  fieldOf(channel: Channel, key: CorrelationKey): Field | undefined;
  /** What the user says of names. The names of which something else holds now. */
  edit(edits: readonly KeyEdit[]): ReadonlySet<string>;
  said(name: string): 'accept' | 'reject' | undefined;
  all(): readonly Field[];
  support(field: Field): Support;
}

/** Names may be data (a map of ids to things): beyond this many fields those with the highest hashes are not judged. */
const maxFields = 1_000;

export const contextNames: ReadonlySet<string> = new Set([
  'correlationId',
  'conversationId',
  'requestId',
  'sagaId',
  'workflowId',
  'processInstanceId',
]);

/** Whether it may ever join: what is listed, or stands in a list, is about many. */
export function mayJoin(key: CorrelationKey): boolean {
  return key.role !== 'member' || isOwnKey(key) || isSharedByName(key);
}

function isAll(field: Field | undefined): boolean {
  return field?.policy === 'all';
}

/** The message's own key. */
const ownKey = { name: 'key', origin: 'message-key', path: 'key', role: 'joins' } as const;

function isOwnKey({ origin, name }: CorrelationKey): boolean {
  return origin === 'message-key' && name === ownKey.name;
}

function isSharedByName({ name, path }: CorrelationKey): boolean {
  return !path.includes('[') && keyName(name)?.role === 'member';
}

function isTrusted({ name, origin }: CorrelationKey): boolean {
  return origin === 'trace-context' || processRank(name) !== undefined || contextNames.has(name);
}

function sortOf(key: CorrelationKey): FieldSort {
  if (key.role === 'found') return 'found';
  if (key.role === 'member') return 'shared-by-name';
  return isTrusted(key) ? 'trusted' : 'named';
}

/** Whether anything depends on its verdict. */
function mayChange({ sort, name }: Field): boolean {
  return sort !== 'trusted' || name.endsWith('Number');
}

export function createFields(): Fields {
  const edits = createKeyEdits();
  /** By channel, then by path; one path may hold several names (`id`, by type). */
  const channels = new Map<string, Map<string, Field[]>>();
  const holders = new Map<number, Field[]>();
  const touched = new Set<Field>();
  const hashOf = new Map<Field, number>();
  /** Fields that are named like what many flows share, and hold keys: mostly none, so that nobody need look. */
  let flowsOwn = 0;
  let highest = Infinity;
  let lastChannel: Channel | undefined;
  let lastPaths: Map<string, Field[]> | undefined;

  function pathsOf(channel: Channel): Map<string, Field[]> | undefined {
    if (channel !== lastChannel) {
      lastChannel = channel;
      lastPaths = channels.get(channelKey(channel));
    }
    return lastPaths;
  }

  function fieldOf(channel: Channel, { path, name }: CorrelationKey): Field | undefined {
    const fields = pathsOf(channel)?.get(path);
    if (fields === undefined) return undefined;
    for (const field of fields) if (field.name === name) return field;
    return undefined;
  }

  function open(channel: Channel, key: CorrelationKey): Field | undefined {
    const ofChannel = channelKey(channel);
    const hash = hashText(`${ofChannel}\0${key.path}\0${key.name}`);
    if (hash >= highest) return undefined;
    const field = new Field(channel, ofChannel, key, sortOf(key));
    let paths = channels.get(ofChannel);
    if (!paths) {
      channels.set(ofChannel, (paths = new Map()));
      lastChannel = undefined;
    }
    const same = paths.get(key.path);
    if (same) same.push(field);
    else paths.set(key.path, [field]);
    hashOf.set(field, hash);
    if (hashOf.size > maxFields) closeHighest();
    return field;
  }

  function closeHighest(): void {
    let last: Field | undefined;
    highest = 0;
    for (const [field, hash] of hashOf) if (hash > highest) [last, highest] = [field, hash];
    if (!last) return;
    hashOf.delete(last);
    touched.delete(last);
    if (last.sort === 'shared-by-name' && last.policy === 'all') flowsOwn--;
    const paths = channels.get(last.channelKey);
    const left = paths?.get(last.path)?.filter((field) => field !== last) ?? [];
    if (left.length > 0) paths?.set(last.path, left);
    else paths?.delete(last.path);
    for (const hash of last.values.keys()) index.leave(hash, last);
  }

  const index: SampleIndex = {
    enter(hash, field) {
      const others = holders.get(hash);
      if (others) others.push(field);
      else holders.set(hash, [field]);
    },
    leave(hash, field) {
      const left = holders.get(hash)?.filter((other) => other !== field) ?? [];
      if (left.length > 0) holders.set(hash, left);
      else holders.delete(hash);
    },
  };

  function observe(event: EventFacts): void {
    const { key, facts } = event;
    for (const one of facts.keys) see(event, one);
    // Facts name the message's key only where it says more than they do.
    if (key !== undefined) see(event, { ...ownKey, value: key });
  }

  function see({ id, channel, time, facts }: EventFacts, key: CorrelationKey): void {
    // It is seen for itself, whatever else the message says.
    if (key.role === 'member' && isOwnKey(key)) return;
    const field = fieldOf(channel, key) ?? (mayJoin(key) ? open(channel, key) : undefined);
    // One of several of its name, or out of a list, says nothing of those that stand alone.
    if (!field || (key.role === 'member' && field.sort !== 'shared-by-name')) return;
    const hash = hashText(key.value);
    touched.add(field);
    field.hasPlain ||= field.sort === 'found' && !isRandomId(key.value);
    field.passes(time);
    if (hash > field.limit) return;
    const event = hashText(facts.ids[0] ?? id);
    field.see({ hash, text: key.value }, { type: facts.type ?? facts.shape, event, time }, index);
  }

  /** Fields that were observed, and those whose values they hold: what is seen in one field speaks of all of them. */
  function concerned(): ReadonlySet<Field> {
    const all = new Set(touched);
    for (const field of touched) {
      for (const hash of field.values.keys()) for (const other of holders.get(hash) ?? []) all.add(other);
    }
    return all;
  }

  return {
    observe,
    fieldOf,
    judge() {
      const changed = new Set<Field>();
      for (const field of concerned()) {
        if (!mayChange(field)) continue;
        const { verdict, isNumberOfProcess } = judge(field, holders);
        field.verdict = verdict;
        if (isNumberOfProcess !== field.isNumberOfProcess) changed.add(field);
        field.isNumberOfProcess = isNumberOfProcess;
        const policy = policyOf(field.sort, verdict);
        if (policy === field.policy) continue;
        if (field.sort === 'shared-by-name') flowsOwn += policy === 'all' ? 1 : -1;
        const isSame = !field.hasPlain && policy !== 'none' && field.policy !== 'none';
        field.policy = policy;
        if (!isSame) changed.add(field);
      }
      touched.clear();
      return changed;
    },
    joins(channel, key) {
      if (edits.size > 0) {
        const said = edits.get(key.name);
        if (said === 'reject') return false;
        if (said === 'accept') return mayJoin(key);
      }
      if (key.role === 'member' && isOwnKey(key)) return fieldOf(channel, key)?.isNumberOfProcess === true;
      if (key.role === 'member') return flowsOwn > 0 && isSharedByName(key) && isAll(fieldOf(channel, key));
      if (key.role === 'joins') return isTrusted(key) || fieldOf(channel, key)?.policy !== 'none';
      if (isFoundNumber(key.value)) return fieldOf(channel, key)?.isNumberOfProcess === true;
      const policy = fieldOf(channel, key)?.policy ?? 'random';
      return policy === 'all' || (policy === 'random' && isRandomId(key.value));
    },
    tokenName(channel, key) {
      if (!isNumberId(key.value)) return key.name;
      return key.role === 'found' || fieldOf(channel, key)?.isNumberOfProcess === true
        ? 'reference'
        : key.name;
    },
    edit(said) {
      const before = new Map(said.map(({ name }) => [name, edits.get(name)]));
      for (const edit of said) edits.set(edit);
      return new Set([...before].filter(([name, was]) => edits.get(name) !== was).map(([name]) => name));
    },
    said: edits.get,
    all: () => [...hashOf.keys()],
    support: (field) => judge(field, holders),
  };
}
