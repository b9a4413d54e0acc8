import type { Redis } from 'ioredis';
import type { ChannelInfo, ReadRequest, Source, SourceConfig, SourceItem } from '../../model/source.ts';
import { isOwnChannel, pubsubChannel, pubsubPrefix, readChoice, streamChannel } from './choice.ts';
import { connectRedis } from './client.ts';
import { escapeGlob } from './glob.ts';
import { activeChannels, scanStreams } from './inspect.ts';
import { lookBack } from './look-back.ts';
import { numberOf } from './client.ts';
import type { RedisSettings } from './options.ts';
import { startSession, type Session } from './session.ts';

/** Streams whose length is asked for when listing channels. */
const lengthsAsked = 1_000;

/** An open connection to one database of one server. */
export function createRedisSource(commands: Redis, s: RedisSettings, config: SourceConfig): Source {
  const { cluster, now } = config;
  const sessions = new Set<Session>();
  const searching = new Set<Redis>();
  let closed: Promise<void> | undefined;

  async function discover(signal: AbortSignal): Promise<readonly ChannelInfo[]> {
    const streams = await scanStreams(commands, s, signal);
    const channels = (await activeChannels(commands, s)).filter((name) => !isOwnChannel(name));
    const pipeline = commands.pipeline();
    for (const name of streams.slice(0, lengthsAsked)) pipeline.xlen(name);
    const lengths = (await pipeline.exec()) ?? [];
    const choices = [
      ...channels.map((name) => ({ name: `${pubsubPrefix}${escapeGlob(name)}`, means: 'subscribe' })),
      { name: `${pubsubPrefix}*`, means: 'subscribe to every pub/sub channel' },
    ];
    return [
      ...streams.map((name, i) => ({
        channel: streamChannel(cluster, name),
        held: numberOf(lengths[i]?.[1]),
        means: 'XREAD, in no consumer group',
      })),
      ...choices.map(({ name, means }) => ({ channel: pubsubChannel(cluster, name), means })),
    ];
  }

  async function* read(request: ReadRequest): AsyncGenerator<readonly SourceItem[]> {
    const { signal } = request;
    const session = await startSession(commands, s, config, request);
    sessions.add(session);
    const stop = () => void session.end();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      yield [];
      for (;;) {
        const items = await session.inbox.take();
        if (items.length === 0) return;
        session.taken(items);
        yield items;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await session.end();
      sessions.delete(session);
    }
  }

  return {
    discover,
    sideEffects: (channels) =>
      Promise.resolve(
        readChoice(channels).patterns.map((pattern) => ({
          type: 'redis.subscription',
          target: pattern,
          description:
            `Subscribes to the pub/sub channels ${pattern}. PUBLISH then answers with one receiver more than without ` +
            'Headwater. It ends with the connection.',
        })),
      ),
    read,
    async *lookBack(request) {
      const redis = await connectRedis(s, request.signal);
      searching.add(redis);
      try {
        yield* lookBack(redis, s, cluster, request, now);
      } finally {
        searching.delete(redis);
        redis.disconnect();
      }
    },
    close() {
      return (closed ??= (async () => {
        await Promise.all([...sessions].map((session) => session.end()));
        for (const redis of [commands, ...searching]) redis.disconnect();
      })());
    },
  };
}
