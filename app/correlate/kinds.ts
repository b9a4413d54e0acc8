import type { Channel } from '../model/message.ts';
import type { Kind } from './kind.ts';
import type { EventNode } from './nodes.ts';
import { channelKey } from './subscriptions.ts';

/** Types may hold ids, and then nothing can be learned: beyond this many kinds, new ones stay unknown. */
const maxKinds = 2_000;

/** Tells kinds apart. */
export function createKinds(): (node: EventNode) => Kind | undefined {
  const kinds = new Map<string, Kind>();
  /** Found before: by channel as an object, then by type or shape; some by each producer. */
  const found = new WeakMap<Channel, Map<string, Kind[]>>();

  return (node) => (node.kind ??= foundBefore(node) ?? find(node));

  function foundBefore({ channel, type, shape, producer = '' }: EventNode): Kind | undefined {
    for (const kind of found.get(channel)?.get(type ?? shape ?? '') ?? none)
      if ((kind.producer ?? '') === producer) return kind;
    return undefined;
  }

  function find({ channel, type, shape, producer }: EventNode): Kind | undefined {
    const says = type ?? shape ?? '';
    const key = `${channelKey(channel)}\0${says}\0${producer ?? ''}`;
    let kind = kinds.get(key);
    if (kind === undefined) {
      if (kinds.size >= maxKinds) return undefined;
      kind = { key, channel, type, producer };
      kinds.set(key, kind);
    }
    const ofChannel = found.get(channel) ?? new Map<string, Kind[]>();
    found.set(channel, ofChannel.set(says, [...(ofChannel.get(says) ?? none), kind]));
    return kind;
  }
}

const none: readonly Kind[] = [];
