import type { Connector, Source, SourceConfig } from '../../model/source.ts';
import { connectRedis } from './client.ts';
import { parseRedisUrl, redisOptions } from './options.ts';
import { createRedisSource } from './source.ts';

/**
 * Redis streams, read by XREAD without a consumer group, and pub/sub by PSUBSCRIBE.
 *
 * A stream is chosen by its name, pub/sub by `pubsub:` and a pattern (`pubsub:orders.*`); "all" is every stream, also
 * later ones, and `pubsub:*`. Streams go on where they were after a restart; pub/sub cannot be read again. Who consumed
 * which entry follows from the pending entries of consumer groups, looked at every two seconds.
 */
export const redisConnector: Connector = {
  description: {
    system: 'redis',
    title: 'Redis',
    protocols: ['redis', 'rediss'],
    example: 'redis://user:password@host:6379/0',
    capabilities: { resumes: true, looksBack: true, history: true },
    options: redisOptions,
  },
  async open(config: SourceConfig, signal: AbortSignal): Promise<Source> {
    const settings = parseRedisUrl(config.url, config.secret);
    return createRedisSource(await connectRedis(settings, signal), settings, config);
  },
};
