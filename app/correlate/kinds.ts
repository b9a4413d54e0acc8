import type { Kind } from './kind.ts';
import type { EventNode } from './nodes.ts';
import { channelKey } from './subscriptions.ts';

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
