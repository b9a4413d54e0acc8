import { hashText } from '../base/hash.ts';
import type { CorrelationKey } from '../model/event.ts';
import type { Channel } from '../model/message.ts';
import type { EventFacts } from '../model/trace.ts';
import { contextNames } from './key-fields.ts';
import { channelKey } from './subscriptions.ts';

/**
 * Which kinds of events come together under one correlation id or trace id. A client that uses an id again for something
 * else, or a poller that hands its own on, makes strangers share one: events of kinds that hardly ever do, or several of a
 * kind that mostly comes once.
 *
 * It is a sample of ids, those with the lowest hashes, so that it depends on the set of events alone.
 */
export interface Company {
  observe(event: EventFacts): void;
  /** A number for what is told apart by channel and type; undefined once there are too many. */
  kindOf(channel: Channel, type: string | undefined): number | undefined;
  /**
   * Whether it is out of the ordinary that one id is on events of both kinds; of one kind, on several that are about
   * different things. Undefined while too few have been seen.
   */
  areStrangers(a: number, b: number): boolean | undefined;
  /** The kinds of which something else was answered before. */
  takeChanged(): CompanyChanges;
}

/** Kinds of which something else holds now. */
export interface CompanyChanges {
  /** They are strangers to others, or no longer. */
  readonly strangers: ReadonlySet<number>;
  /** More is known of them, which makes a difference only where there are strangers. */
  readonly others: ReadonlySet<number>;
}

const sampleSize = 1_024;
/** Fewer ids with a kind say nothing of it. */
const least = 16;
/** Of the ids on events of a kind so many at most are on what it has nothing to do with. */
const rareShare = 0.1;
/** Types may hold ids: beyond this many kinds nothing is learned of new ones. */
const maxKinds = 500;
/** Several events of the kind are about different things. */
const several = -1;
/** Their keys say nothing. */
const nothing = 0;

/** Whether a key is a context: it says with whom an event came, not what it is about. */
function isContext({ name, origin }: CorrelationKey): boolean {
  return origin === 'trace-context' || contextNames.has(name);
}

/** What an event is about, as far as its own keys say. */
export function subjectOf(keys: readonly CorrelationKey[]): string | undefined {
  return keys.find((key) => !isContext(key) && !key.path.includes('['))?.value;
}

/** What was answered of two kinds; 0 where nobody asked. */
const answered = { unknown: 1, friends: 2, strangers: 3 } as const;

export function createCompany(): Company {
  /** By channel, then by type. */
  const numbers = new Map<string, Map<string | undefined, number>>();
  let lastChannel: Channel | undefined;
  let lastTypes = new Map<string | undefined, number>();
  let kinds = 0;
  /** Of each id in the sample, what events of each kind are about. */
  const contexts = new Map<number, Map<number, number>>();
  /** Ids above this hash are not in the sample. */
  let limit = Infinity;
  /** For each kind, on how many ids it is; for two, on how many both are; for one twice, on how many it is several times. */
  const ids = new Uint16Array(maxKinds);
  const both = new Uint16Array(maxKinds * maxKinds);
  const answers = new Uint8Array(maxKinds * maxKinds);
  /** Places of those that are no 0. */
  const asked: number[] = [];

  function kindOf(channel: Channel, type: string | undefined): number | undefined {
    if (channel !== lastChannel) {
      lastChannel = channel;
      const name = channelKey(channel);
      const types = numbers.get(name);
      lastTypes = types ?? new Map();
      if (!types) numbers.set(name, lastTypes);
    }
    const known = lastTypes.get(type);
    if (known !== undefined || kinds >= maxKinds) return known;
    lastTypes.set(type, kinds);
    return kinds++;
  }

  function observe({ channel, facts }: EventFacts): void {
    for (const key of facts.keys) {
      if (key.role !== 'joins' || !isContext(key)) continue;
      const hash = hashText(key.value);
      if (hash > limit) continue;
      const kind = kindOf(channel, facts.type ?? facts.shape);
      if (kind !== undefined) see(hash, kind, subjectOf(facts.keys));
    }
  }

  function see(hash: number, kind: number, subject: string | undefined): void {
    let context = contexts.get(hash);
    if (!context) {
      contexts.set(hash, (context = new Map()));
      if (contexts.size > sampleSize) dropHighest();
      if (hash > limit) return;
    }
    const about = subject === undefined ? nothing : hashText(subject);
    const before = context.get(kind);
    if (before === undefined) {
      count(context, kind, 1);
      context.set(kind, about);
    } else if (before === nothing) context.set(kind, about);
    else if (before !== several && about !== nothing && before !== about) {
      context.set(kind, several);
      both[place(kind, kind)]!++;
    }
  }

  /** Counts a kind that is new in a context, or takes it back. */
  function count(context: ReadonlyMap<number, number>, kind: number, by: 1 | -1): void {
    ids[kind]! += by;
    for (const other of context.keys()) if (other !== kind) both[place(kind, other)]! += by;
  }

  function dropHighest(): void {
    let highest = 0;
    let next = 0;
    for (const hash of contexts.keys()) {
      if (hash > highest) [highest, next] = [hash, highest];
      else if (hash > next) next = hash;
    }
    const dropped = contexts.get(highest)!;
    contexts.delete(highest);
    limit = next;
    for (const [kind, about] of [...dropped]) {
      dropped.delete(kind);
      count(dropped, kind, -1);
      if (about === several) both[place(kind, kind)]!--;
    }
  }

  function answer(a: number, b: number): number {
    const fewer = Math.min(ids[a]!, ids[b]!);
    if (fewer < least) return answered.unknown;
    return both[place(a, b)]! <= fewer * rareShare ? answered.strangers : answered.friends;
  }

  return {
    observe,
    kindOf,
    areStrangers(a, b) {
      const at = place(a, b);
      const said = answer(a, b);
      if (answers[at] === 0) asked.push(at);
      answers[at] = said;
      return said === answered.unknown ? undefined : said === answered.strangers;
    },
    takeChanged() {
      const strangers = new Set<number>();
      const others = new Set<number>();
      for (const at of asked) {
        const [a, b] = [Math.floor(at / maxKinds), at % maxKinds];
        const now = answer(a, b);
        const before = answers[at];
        if (now === before) continue;
        answers[at] = now;
        const changed = now === answered.strangers || before === answered.strangers ? strangers : others;
        changed.add(a).add(b);
      }
      return { strangers, others };
    },
  };
}

/** Of two kinds in either order the same. */
function place(a: number, b: number): number {
  return a < b ? a * maxKinds + b : b * maxKinds + a;
}
