import { remembered } from '../base/remembered.ts';
import type { Binding, Subscription } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { isSameParticipant, namesakeOf, participantName } from '../model/participant-name.ts';

/** Who consumes what, as far as the systems say. Names of producers and consumers come from different places and are compared loosely. */
export interface Consumers {
  /** Replaces what is known of one connection. Returns whether anything is news. */
  set(connection: string, subscriptions: readonly Subscription[], bindings: readonly Binding[]): boolean;
  /**
   * The participant after which a channel is named (`ledger` for `shop.ledger`, `notifications` for
   * `notifications.email`), if there is exactly one, and it consumes other channels and not this one: most teams name
   * what they publish to after themselves.
   */
  namesake(channel: Channel): string | undefined;
  /** Takes down that a consumer was handed events of a channel. Returns whether that is news. */
  learn(channel: Channel, consumer: string): boolean;
  /**
   * Whether a producer of this name reads from the channel: `yes` names the consumer; `no` means that it is known what it
   * reads from, and who reads from the channel, and that these do not meet.
   */
  reads(producer: string | undefined, channel: Channel): Reads;
  /** Whether a producer is known to consume anything. */
  consumes(producer: string): boolean;
  /** Whether a producer and a consumer are one participant. */
  isSame(producer: string, consumer: string): boolean;
}

/**
 * Whether a producer reads a channel, and under which name. `unlikely`: others do, and of it it is not known that it reads
 * any; `own`: it is rather one that it publishes to; `unread`: nobody seems to, although it is known of others who does.
 */
export interface Reads {
  readonly is: 'yes' | 'no' | 'unlikely' | 'unknown' | 'own' | 'unread';
  readonly as?: string;
}

/** Of channels as connectors hand them out: one object for many events. */
const channelKeys = new WeakMap<Channel, string>();

export function channelKey(channel: Channel): string {
  let key = channelKeys.get(channel);
  if (key === undefined) {
    key = `${channel.system}/${channel.cluster}/${channel.name}`;
    channelKeys.set(channel, key);
  }
  return key;
}

const unknown = { is: 'unknown' } as const;
const unread = { is: 'unread' } as const;
/** Answers that are kept; beyond it all are worked out anew, since names may hold ids. */
const answersKept = 10_000;

export function createConsumers(): Consumers {
  const byConnection = new Map<string, ReadonlyMap<string, ReadonlyMap<string, string>>>();
  /** What deliveries have shown; true whatever a broker says later. */
  const learned = new Map<string, Map<string, string>>();
  /** Channel → normalised consumer → its name. */
  let consumers = new Map<string, Map<string, string>>();
  let readers = new Set<string>();
  /** Where any consumer is known. */
  let systems = new Set<string>();
  const answers = new Map<string, Reads>();
  /** A participant's name as it is given → in words: asked for each event, and of few names. */
  const wordsOf = remembered(participantName, answersKept);
  const namesakes = new Map<string, string | undefined>();

  function findNamesake({ name }: Channel, key: string): string | undefined {
    return namesakeOf(name, readers, consumers.get(key)?.keys() ?? []);
  }

  function ask(producer: string, channel: string): Reads {
    const of = consumers.get(channel);
    if (!of) return unknown;
    const name = wordsOf(producer);
    for (const [consumer, as] of of) if (isSameParticipant(name, consumer)) return { is: 'yes', as };
    return { is: isReader(name) ? 'no' : 'unlikely' };
  }

  function isReader(name: string): boolean {
    for (const reader of readers) if (isSameParticipant(name, reader)) return true;
    return false;
  }

  function gather(): void {
    consumers = new Map();
    readers = new Set();
    systems = new Set();
    answers.clear();
    namesakes.clear();
    for (const channels of [...byConnection.values(), learned]) {
      for (const [channel, names] of channels) {
        const all = consumers.get(channel) ?? new Map<string, string>();
        for (const [name, as] of names) {
          all.set(name, as);
          readers.add(name);
        }
        consumers.set(channel, all);
        systems.add(channel.split('/', 2).join('/'));
      }
    }
  }

  return {
    set(connection, subscriptions, bindings) {
      const before = consumers;
      byConnection.set(connection, consumersOf(subscriptions, bindings));
      gather();
      return !isSame(before, consumers);
    },
    learn(channel, consumer) {
      const key = channelKey(channel);
      const name = wordsOf(consumer);
      const names = learned.get(key) ?? new Map<string, string>();
      if (names.has(name)) return false;
      learned.set(key, names.set(name, consumer));
      const isNews = consumers.get(key)?.has(name) !== true;
      if (isNews) gather();
      return isNews;
    },
    namesake(channel) {
      const key = channelKey(channel);
      if (!namesakes.has(key)) namesakes.set(key, findNamesake(channel, key));
      return namesakes.get(key);
    },
    consumes: (producer) => isReader(wordsOf(producer)),
    isSame: (producer, consumer) => isSameParticipant(wordsOf(producer), wordsOf(consumer)),
    reads(producer, channel) {
      if (consumers.size === 0) return unknown;
      const at = channelKey(channel);
      if (!consumers.has(at) && systems.has(`${channel.system}/${channel.cluster}`)) return unread;
      if (producer === undefined) return unknown;
      const question = `${producer}\0${at}`;
      let answer = answers.get(question);
      if (!answer) {
        answer = ask(producer, at);
        if (answers.size >= answersKept) answers.clear();
        answers.set(question, answer);
      }
      return answer;
    },
  };
}

/** Consumers by channel, those of a queue also by every exchange that leads there. */
function consumersOf(
  subscriptions: readonly Subscription[],
  bindings: readonly Binding[],
): Map<string, Map<string, string>> {
  const result = new Map<string, Map<string, string>>();
  const sources = new Map<string, string[]>();
  for (const { channel, to } of bindings) {
    const target = channelKey({ ...channel, name: to });
    sources.set(target, [...(sources.get(target) ?? []), channelKey(channel)]);
  }
  for (const { channel, consumer } of subscriptions) {
    const reached = new Set([channelKey(channel)]);
    for (const at of reached) {
      for (const source of sources.get(at) ?? []) reached.add(source);
      const names = result.get(at) ?? new Map<string, string>();
      result.set(at, names.set(participantName(consumer), consumer));
    }
  }
  return result;
}

type ByChannel = ReadonlyMap<string, ReadonlyMap<string, string>>;

function isSame(a: ByChannel, b: ByChannel): boolean {
  if (a.size !== b.size) return false;
  for (const [channel, names] of a) {
    const others = b.get(channel);
    if (others?.size !== names.size || ![...names.keys()].every((name) => others.has(name))) return false;
  }
  return true;
}
