import type { Channel } from '../../model/message.ts';
import { matchesGlob } from './glob.ts';

/** A channel's choice string for pub/sub is this and a pattern: `pubsub:orders.*`. All others name streams. */
export const pubsubPrefix = 'pubsub:';

/** What the chosen channels ask for. */
export interface Choice {
  /** Stream names, or all that there are and will be. */
  readonly streams: 'all' | readonly string[];
  /** Patterns for PSUBSCRIBE. */
  readonly patterns: readonly string[];
}

export function readChoice(channels: 'all' | readonly string[]): Choice {
  if (channels === 'all') return { streams: 'all', patterns: ['*'] };
  const patterns = channels
    .filter((name) => name.startsWith(pubsubPrefix))
    .map((name) => name.slice(pubsubPrefix.length));
  return {
    streams: [...new Set(channels.filter((name) => !name.startsWith(pubsubPrefix)))],
    patterns: [...new Set(patterns.filter((pattern) => pattern !== ''))],
  };
}

/** Redis's own announcements: on every key that changes, and between sentinels. */
const own = /^__(keyspace@|keyevent@|sentinel__:)/;

/**
 * Which of several patterns a message is taken from, since Redis sends it once for each that matches: the first.
 * Redis's own channels are left out unless a pattern names them.
 */
export function isTaken(patterns: readonly string[], pattern: string, channel: string): boolean {
  const fitting = patterns.find((p) => matchesGlob(p, channel) && (!own.test(channel) || p.startsWith('__')));
  return fitting === pattern;
}

export function streamChannel(cluster: string, name: string): Channel {
  return { system: 'redis', cluster, name, kind: 'stream' };
}

export function pubsubChannel(cluster: string, name: string): Channel {
  return { system: 'redis', cluster, name, kind: 'pubsub' };
}

/** Whether the server uses the channel for itself. */
export const isOwnChannel = (name: string): boolean => own.test(name);
