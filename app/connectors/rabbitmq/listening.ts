import type { Coverage } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import { maxQueueBytes } from './observing-queue.ts';

/**
 * Keeps account of from when to when each channel was listened to, and of what may have been dropped: AMQP has no
 * positions, so times are all there is.
 */
export interface Listening {
  /** Listens to this channel from now on; one that is listened to already stays so since when it was. */
  add(channel: Channel, since: number): void;
  remove(channel: Channel): void;
  /** A message was received, and later taken. */
  received(bytes: number): void;
  taken(count: number): void;
  /** The broker told at `asked` that so many messages wait; gives the marks that are now certain. */
  probed(asked: number, depth: number): readonly Coverage[];
  /** What passed since `from` was missed; listens again from `to` on. */
  missed(from: number, to: number, reason: string): readonly Coverage[];
  /** Ends an episode of possible drops. */
  end(): readonly Coverage[];
}

/** `buffer`: messages that the observing queue holds at most. */
export function createListening(buffer: number): Listening {
  const channels = new Map<string, { readonly channel: Channel; since: number }>();
  let received = 0;
  let receivedBefore = 0;
  let taken = 0;
  let meanBytes = 0;
  let waiting: { readonly asked: number; readonly target: number }[] = [];
  let lastAsked: number | undefined;
  let full: { readonly from: number; to: number; depth: number } | undefined;

  const keyOf = (c: Channel) => `${c.kind}/${c.name}`;
  const mark = (state: Coverage['state'], from: number, to: number, reason?: string): readonly Coverage[] =>
    [...channels.values()].flatMap(({ channel, since }): Coverage[] => {
      const begin = Math.max(from, since);
      return begin > to ? [] : [{ kind: 'coverage', channel, state, from: begin, to, reason }];
    });

  function endEpisode(): readonly Coverage[] {
    if (!full) return [];
    const { from, to, depth } = full;
    full = undefined;
    return mark(
      'dropped',
      from,
      to,
      `the observing queue may have been full (${depth} messages waited; it holds ${buffer}, or ${maxQueueBytes >> 20} MB): ` +
        'the broker drops its oldest messages then; how many is not known',
    );
  }

  return {
    add(channel, since) {
      if (!channels.has(keyOf(channel))) channels.set(keyOf(channel), { channel, since });
    },
    remove: (channel) => void channels.delete(keyOf(channel)),
    received(bytes) {
      received++;
      meanBytes += (bytes - meanBytes) / Math.min(received, 1_000);
    },
    taken: (count) => void (taken += count),
    probed(asked, depth) {
      // Had it been full since the last look, what it held then has been received or waits still.
      const held = received - receivedBefore + depth;
      receivedBefore = received;
      const nearlyFull = held >= buffer || held * meanBytes >= maxQueueBytes * 0.8;
      let dropped: readonly Coverage[] = [];
      if (nearlyFull) {
        full ??= { from: lastAsked ?? asked, to: asked, depth };
        full.to = asked;
        full.depth = Math.max(full.depth, depth);
      } else {
        dropped = endEpisode();
      }
      lastAsked = asked;
      // Read up to `asked` once what waited then has been taken.
      waiting.push({ asked, target: received + depth });
      const reached = waiting.findLast((w) => w.target <= taken);
      if (!reached) return dropped;
      waiting = waiting.filter((w) => w.asked > reached.asked);
      return [...dropped, ...mark('read', -Infinity, reached.asked)];
    },
    missed(from, to, reason) {
      const gaps = mark('gap', from, to, reason);
      for (const entry of channels.values()) entry.since = Math.max(entry.since, to);
      waiting = [];
      return gaps;
    },
    end: endEpisode,
  };
}
