import type { Redis } from 'ioredis';
import { call, listOf, mapOf, numberOf, textOf } from './client.ts';
import { commandError, isReply } from './errors.ts';
import type { GroupState, PendingEntry } from './groups.ts';
import type { RedisSettings } from './options.ts';
import { beginning, nextId } from './stream-id.ts';

/** What Redis tells of a stream. */
export interface StreamInfo {
  readonly length: number;
  readonly lastId: string;
  /** Undefined where it is empty. */
  readonly firstId: string | undefined;
  /** Entries ever added; undefined before Redis 7. */
  readonly added: number | undefined;
}

/** A group as XINFO tells it, before its pending entries are known. */
export interface GroupInfo {
  readonly name: string;
  readonly members: number;
  readonly pending: number;
  readonly lastDelivered: string;
  readonly entriesRead: number | undefined;
  readonly lag: number | undefined;
}

/** Pending entries asked for at once, and at most per look. */
const pageSize = 1_000;
const pendingLimit = 10_000;

/** Undefined where there is no such stream. */
export async function streamInfo(
  redis: Redis,
  s: RedisSettings,
  name: string,
): Promise<StreamInfo | undefined> {
  try {
    const info = mapOf(await redis.callBuffer('xinfo', ['STREAM', name]));
    const first = listOf(info.get('first-entry'));
    return {
      length: numberOf(info.get('length')) ?? 0,
      lastId: textOf(info.get('last-generated-id')) || beginning,
      firstId: first.length > 0 ? textOf(first[0]) : undefined,
      added: numberOf(info.get('entries-added')),
    };
  } catch (error) {
    if (isReply(error) && /no such key/i.test(error.message)) return undefined;
    throw commandError(error, s, `look at the stream ${name}`);
  }
}

/** The groups of a stream; none where it is gone. */
export async function groupsOf(redis: Redis, s: RedisSettings, name: string): Promise<readonly GroupInfo[]> {
  try {
    return listOf(await redis.callBuffer('xinfo', ['GROUPS', name])).map((reply) => {
      const group = mapOf(reply);
      return {
        name: textOf(group.get('name')),
        members: numberOf(group.get('consumers')) ?? 0,
        pending: numberOf(group.get('pending')) ?? 0,
        lastDelivered: textOf(group.get('last-delivered-id')),
        entriesRead: numberOf(group.get('entries-read')),
        lag: numberOf(group.get('lag')),
      };
    });
  } catch (error) {
    if (isReply(error) && /no such key|WRONGTYPE/i.test(error.message)) return [];
    throw commandError(error, s, `look at the groups of ${name}`);
  }
}

/** A group with what its consumers have in hand; undefined where it is gone meanwhile. */
export async function groupState(
  redis: Redis,
  s: RedisSettings,
  stream: string,
  info: GroupInfo,
  now: () => number,
): Promise<GroupState | undefined> {
  try {
    const at = now();
    const consumers = listOf(await redis.callBuffer('xinfo', ['CONSUMERS', stream, info.name]));
    const { pending, complete } = await pendingOf(redis, stream, info.name);
    return {
      name: info.name,
      at,
      until: now(),
      lastDelivered: info.lastDelivered,
      entriesRead: info.entriesRead,
      pending,
      pendingUpTo: complete ? undefined : pending.at(-1)?.id,
      consumers: new Set(consumers.map((c) => textOf(mapOf(c).get('name')))),
    };
  } catch (error) {
    if (isReply(error) && /NOGROUP|no such key/i.test(error.message)) return undefined;
    throw commandError(error, s, `look at the group ${info.name} of ${stream}`);
  }
}

async function pendingOf(
  redis: Redis,
  stream: string,
  group: string,
): Promise<{ readonly pending: readonly PendingEntry[]; readonly complete: boolean }> {
  const pending: PendingEntry[] = [];
  let start = '-';
  while (pending.length < pendingLimit) {
    const page = listOf(await redis.callBuffer('xpending', [stream, group, start, '+', pageSize])).map(
      (reply): PendingEntry => {
        const [id, consumer, idle, count] = listOf(reply);
        return {
          id: textOf(id),
          consumer: textOf(consumer),
          idle: numberOf(idle) ?? 0,
          count: numberOf(count) ?? 1,
        };
      },
    );
    pending.push(...page);
    const last = page.at(-1);
    if (!last || page.length < pageSize) return { pending, complete: true };
    start = nextId(last.id);
  }
  return { pending, complete: false };
}

/** All streams there are, by SCAN; `signal` stops between two pages. */
export async function scanStreams(
  redis: Redis,
  s: RedisSettings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = new Set<string>();
  let cursor = '0';
  do {
    const reply = listOf(
      await call(redis, s, 'find streams', 'scan', cursor, 'COUNT', 1_000, 'TYPE', 'stream'),
    );
    cursor = textOf(reply[0]);
    for (const name of listOf(reply[1])) names.add(textOf(name));
  } while (cursor !== '0' && !signal.aborted);
  return [...names].toSorted();
}

/** Channels that somebody subscribes to now, without patterns. */
export async function activeChannels(redis: Redis, s: RedisSettings): Promise<readonly string[]> {
  return listOf(await call(redis, s, 'list pub/sub channels', 'pubsub', 'CHANNELS')).map(textOf);
}
