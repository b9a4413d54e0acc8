import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Identity } from './identity.ts';
import type { Shop } from './service.ts';

/** An entry of a stream as a handler gets it. */
export interface StreamEntry {
  readonly identity: Identity;
  readonly type: string;
  readonly payload: string;
}

/** A connection to Redis, named after the service as is the custom. */
export function redisOf(shop: Shop): Redis {
  const redis = new Redis(shop.config.brokers.redis, {
    connectionName: shop.name,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 100, 1000),
  });
  redis.on('error', () => {});
  shop.onStop(async () => redis.disconnect());
  return redis;
}

type Entries = [id: string, fields: string[]][];

/** Reads a stream as a member of a group, acknowledging each entry after its handler; first what was left pending. */
export async function consumeStream(
  shop: Shop,
  stream: string,
  group: string,
  handle: (entry: StreamEntry) => Promise<void>,
): Promise<void> {
  const redis = redisOf(shop);
  await redis.ping();
  let stopped = false;
  const loop = (async () => {
    let from = '0';
    while (!stopped) {
      const entries = await readGroup(redis, group, shop.name, stream, from).catch(() => sleep(500, []));
      if (entries.length === 0) from = '>';
      for (const [id, fields] of entries) {
        const values = fieldsOf(fields);
        await handle({
          identity: { system: 'redis', channel: stream, streamId: id },
          type: values.get('type') ?? '',
          payload: values.get('payload') ?? '',
        });
        await redis.xack(stream, group, id);
      }
    }
  })();
  shop.onStop(async () => {
    stopped = true;
    await Promise.race([loop, sleep(2000)]);
  });
}

async function readGroup(
  redis: Redis,
  group: string,
  consumer: string,
  stream: string,
  from: string,
): Promise<Entries> {
  const answer = await redis.xreadgroup(
    'GROUP',
    group,
    consumer,
    'COUNT',
    20,
    'BLOCK',
    1000,
    'STREAMS',
    stream,
    from,
  );
  const [first] = (answer ?? []) as [name: string, entries: Entries][];
  return first?.[1] ?? [];
}

function fieldsOf(fields: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) values.set(fields[at] ?? '', fields[at + 1] ?? '');
  return values;
}
