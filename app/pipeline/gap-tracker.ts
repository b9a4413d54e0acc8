import type { Coverage } from '../model/delivery.ts';

/**
 * Finds what was missed between two runs of Headwater on channels that cannot be read again (RabbitMQ, pub/sub).
 *
 * Those have no positions, only times: the connector marks from when to when it listened. A mark that begins later
 * than the one before it ended is a gap, whether the broker, the network or Headwater itself was away.
 */
export interface GapTracker {
  /** The marks to store: the given one, and a gap before it where there is one. */
  see(mark: Coverage): readonly Coverage[];
}

/** Marks closer than this are one: connectors extend them about once a second. */
const toleranceMs = 2_500;

const keyOf = (c: Coverage) => `${c.channel.system}/${c.channel.cluster}/${c.channel.kind}/${c.channel.name}`;

/** `before`: the marks of earlier runs, from the store. */
export function createGapTracker(before: readonly Coverage[]): GapTracker {
  const listenedUntil = new Map<string, number>();
  const learn = (mark: Coverage) => {
    if (mark.fromOffset !== undefined || mark.to === undefined || mark.state === 'sampled') return;
    const key = keyOf(mark);
    listenedUntil.set(key, Math.max(listenedUntil.get(key) ?? 0, mark.to));
  };
  for (const mark of before) learn(mark);
  return {
    see(mark) {
      const until = mark.fromOffset === undefined ? listenedUntil.get(keyOf(mark)) : undefined;
      const missed =
        mark.state === 'read' &&
        until !== undefined &&
        mark.from !== undefined &&
        mark.from - until > toleranceMs;
      learn(mark);
      if (!missed) return [mark];
      const gap: Coverage = {
        kind: 'coverage',
        channel: mark.channel,
        state: 'gap',
        from: until,
        to: mark.from,
        reason: 'not listening; what passed then cannot be read again',
      };
      return [gap, mark];
    },
  };
}
