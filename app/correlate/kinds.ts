import type { EventNode } from './nodes.ts';
import { channelKey } from './subscriptions.ts';

/** Events that say the same of themselves: of one type, on one channel, of one producer. What flows are learned of. */
export interface Kind {
  readonly key: string;
  readonly channel: EventNode['channel'];
  readonly type: string | undefined;
  readonly producer: string | undefined;
}

/** Types may hold ids, and then nothing can be learned: beyond this many kinds, new ones stay unknown. */
const maxKinds = 2_000;

/** Tells kinds apart. */
export function createKinds(): (node: EventNode) => Kind | undefined {
  const kinds = new Map<string, Kind>();
  return (node) => {
    if (node.kind !== undefined) return node.kind;
    const { channel, type, shape, producer } = node;
    const key = `${channelKey(channel)}\0${type ?? shape ?? ''}\0${producer ?? ''}`;
    let kind = kinds.get(key);
    if (kind === undefined) {
      if (kinds.size >= maxKinds) return undefined;
      kind = { key, channel, type, producer };
      kinds.set(key, kind);
    }
    node.kind = kind;
    return kind;
  };
}

/** Whether one clock gave two events their times: their producer's, or that of a Redis server, which stamps its streams. */
export function shareClock(
  a: Pick<EventNode, 'producer' | 'channel'>,
  b: Pick<EventNode, 'producer' | 'channel'>,
): boolean {
  if (a.channel.system === 'redis' && b.channel.system === 'redis') return true;
  return a.producer !== undefined && a.producer === b.producer;
}
