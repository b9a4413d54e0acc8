import type { Coverage } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';

/**
 * Finds what was missed between two runs of Headwater on channels that cannot be read again (RabbitMQ, pub/sub).
 *
 * Those have no positions, only times: the connector marks since when and until when it listened. A mark that begins
 * after the one before it ended is a gap, whether the broker, the network or Headwater itself was away.
 */
export interface GapTracker {
  /** The marks to store: the given one, and a gap before it where there is one. */
  see(mark: Coverage): readonly Coverage[];
  /** The channels that cannot be read again, and until when each was listened to. */
  listened(): readonly { readonly channel: Channel; readonly until: number }[];
}

const keyOf = (c: Coverage) => `${c.channel.system}/${c.channel.cluster}/${c.channel.kind}/${c.channel.name}`;

/** `before`: the marks of earlier runs, from the store. */
export function createGapTracker(before: readonly Coverage[]): GapTracker {
  const listened = new Map<string, { readonly channel: Channel; readonly until: number }>();
  const learn = (mark: Coverage) => {
    if (mark.fromOffset !== undefined || mark.to === undefined || mark.state === 'sampled') return;
    const key = keyOf(mark);
    listened.set(key, { channel: mark.channel, until: Math.max(listened.get(key)?.until ?? 0, mark.to) });
  };
  for (const mark of before) learn(mark);
  return {
    see(mark) {
      const until = mark.fromOffset === undefined ? listened.get(keyOf(mark))?.until : undefined;
      const missed =
        mark.state === 'read' && until !== undefined && mark.from !== undefined && mark.from > until;
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
    listened: () => [...listened.values()],
  };
}
