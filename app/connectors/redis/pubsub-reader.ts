import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Inbox } from '../../base/inbox.ts';
import type { Channel } from '../../model/message.ts';
import type { SourceItem } from '../../model/source.ts';
import { isTaken, pubsubChannel } from './choice.ts';
import { commandError } from './errors.ts';
import type { RedisSettings } from './options.ts';

export interface PubsubReader {
  /** Subscribes. @throws ConnectionError */
  start(): Promise<void>;
  /** A channel that is known to exist is listened to as well, though nothing came by it yet. */
  listenTo(channel: string): void;
  /** Asks whether the connection lives, and marks up to then what was listened to. @throws ConnectionError */
  probe(): Promise<void>;
  /** Bytes of messages that were handed on. */
  taken(bytes: number): void;
}

export interface PubsubDeps {
  /** A connection of its own: one that subscribes can do nothing else. */
  readonly subscriber: Redis;
  readonly settings: RedisSettings;
  readonly cluster: string;
  readonly patterns: readonly string[];
  readonly inbox: Inbox<SourceItem>;
  readonly now: () => number;
}

/** What may wait to be taken; beyond that messages are dropped and counted, since a publisher cannot be held back. */
const waitingLimit = 50_000;
const waitingBytes = 64 * 1024 * 1024;

export function createPubsubReader(deps: PubsubDeps): PubsubReader {
  const { subscriber, settings, cluster, patterns, inbox, now } = deps;
  const listening = new Map<string, Channel>();
  const dropped = new Map<string, { count: number; readonly from: number; to: number }>();
  let since = 0;
  let bytes = 0;
  let last = { ms: 0, sequence: 0 };

  function listenTo(name: string): Channel {
    let channel = listening.get(name);
    if (!channel) {
      channel = pubsubChannel(cluster, name);
      listening.set(name, channel);
    }
    return channel;
  }

  function receive(name: string, body: Buffer): void {
    const time = now();
    const channel = listenTo(name);
    if (inbox.size >= waitingLimit || bytes + body.length > waitingBytes) {
      const entry = dropped.get(name) ?? { count: 0, from: time, to: time };
      entry.count++;
      entry.to = time;
      dropped.set(name, entry);
      return;
    }
    bytes += body.length;
    last = { ms: time, sequence: time === last.ms ? last.sequence + 1 : 0 };
    const digest = hash('sha1', body, 'base64url').slice(0, 12);
    inbox.put({
      kind: 'message',
      channel,
      id: `redis/${cluster}/pubsub:${name}/${digest}@${time}-${last.sequence}`,
      time,
      clock: 'observer',
      observedAt: time,
      headers: [],
      body,
    });
  }

  return {
    async start() {
      subscriber.on('pmessageBuffer', (pattern: string, channel: Buffer, body: Buffer) => {
        const name = channel.toString('utf8');
        if (isTaken(patterns, pattern, name)) receive(name, body);
      });
      try {
        await subscriber.psubscribe(...patterns);
      } catch (error) {
        throw commandError(error, settings, `subscribe to the channels ${patterns.join(', ')}`);
      }
      since = now();
    },
    listenTo: (name) => void listenTo(name),
    async probe() {
      const asked = now();
      try {
        await subscriber.ping();
      } catch (error) {
        throw commandError(error, settings, 'listen to pub/sub');
      }
      for (const [name, channel] of listening) {
        inbox.put({ kind: 'coverage', channel, state: 'read', from: since, to: asked });
        const lost = dropped.get(name);
        if (!lost) continue;
        const reason = 'more was published than could be taken in time';
        inbox.put({ kind: 'coverage', channel, state: 'dropped', ...lost, reason });
      }
      dropped.clear();
    },
    taken: (count) => void (bytes -= count),
  };
}
