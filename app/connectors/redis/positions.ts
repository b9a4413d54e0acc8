import type { Coverage } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import type { Checkpoint, StartFrom } from '../../model/source.ts';
import type { StreamInfo } from './inspect.ts';
import { beginning, compareIds, idBefore, msOf, nextId } from './stream-id.ts';

/** Where to begin on a stream, and what cannot be had any more. */
export interface Start {
  /** Entries after this id are to be read. */
  readonly after: string;
  readonly gap?: Coverage;
}

/**
 * Decides where to begin. A stored position wins over `from`. `isNew`: the stream appeared after Headwater attached, so
 * everything in it is of interest.
 */
export function startOf(
  channel: Channel,
  info: StreamInfo | undefined,
  resume: Checkpoint | undefined,
  from: StartFrom,
  isNew: boolean,
): Start {
  if (resume) return afterStored(channel, info, resume.next);
  if (!info || isNew) return { after: beginning };
  if (from === 'latest') return { after: info.lastId };
  const after = from === 'earliest' ? beginning : idBefore(from);
  const removed = info.added === undefined ? 0 : info.added - info.length;
  const first = info.firstId ?? nextId(info.lastId);
  if (removed <= 0 || compareIds(first, nextId(after)) <= 0) return { after };
  return {
    after,
    gap: {
      ...gapBetween(channel, nextId(after), first, 'removed from the stream before Headwater read it'),
      // Of those removed, some may be older than the moment asked for.
      count: from === 'earliest' ? removed : undefined,
    },
  };
}

function afterStored(channel: Channel, info: StreamInfo | undefined, stored: string): Start {
  if (!info) return { after: stored };
  if (compareIds(info.lastId, stored) < 0) {
    const reason = 'the stream was deleted and made anew; it is read from its beginning';
    return { after: beginning, gap: gapBetween(channel, beginning, nextId(beginning), reason) };
  }
  const first = info.firstId ?? nextId(info.lastId);
  // Where the entry read last is still there, or nothing was ever removed, nothing after it is missing.
  const complete =
    compareIds(first, stored) <= 0 ||
    compareIds(info.lastId, stored) === 0 ||
    (info.added !== undefined && info.added === info.length);
  if (complete) return { after: stored };
  const reason = 'entries after the last one read may have been removed while Headwater was away';
  return { after: stored, gap: gapBetween(channel, nextId(stored), first, reason) };
}

/** A gap from one id to another, exclusive. */
export function gapBetween(channel: Channel, from: string, to: string, reason: string): Coverage {
  return {
    kind: 'coverage',
    channel,
    state: 'gap',
    fromOffset: from,
    toOffset: to,
    from: msOf(from) > 0 ? msOf(from) : undefined,
    to: msOf(to),
    reason,
  };
}

/**
 * Notices entries that were removed before they could be read: at a moment when everything added has been read, the
 * number of entries added since the last such moment has to be the number read.
 */
export interface RemovalCheck {
  read(count: number): void;
  /** How many are missing, if that can be told now. */
  check(info: StreamInfo, position: string): number | undefined;
}

export function createRemovalCheck(): RemovalCheck {
  let base: { readonly added: number } | undefined;
  let sinceBase = 0;
  return {
    read: (count) => void (sinceBase += count),
    check(info, position) {
      if (info.added === undefined || compareIds(info.lastId, position) !== 0) return undefined;
      const missing = base && info.added - base.added - sinceBase;
      base = { added: info.added };
      sinceBase = 0;
      return missing !== undefined && missing > 0 ? missing : undefined;
    },
  };
}
