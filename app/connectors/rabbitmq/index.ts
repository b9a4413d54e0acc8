import type { Connector, Source, SourceConfig } from '../../model/source.ts';
import { openAmqp } from './amqp.ts';
import { createManagement } from './management.ts';
import { parseRabbitmqUrl, rabbitmqOptions } from './options.ts';
import { createRabbitmqSource } from './source.ts';
import { undoTracing } from './tracing.ts';

/**
 * RabbitMQ by AMQP 0-9-1 and its management API.
 *
 * Channels are exchanges. `(default)` stands for the default exchange, where each queue that is published to is a
 * channel of its own. With an administrator (or tracing on already) the firehose shows every publish and delivery; else
 * taps show what chosen exchanges route. Nothing can be read again: what passes while detached is a gap.
 */
export const rabbitmqConnector: Connector = {
  description: {
    system: 'rabbitmq',
    title: 'RabbitMQ',
    protocols: ['amqp', 'amqps'],
    example: 'amqp://user:password@host:5672/vhost?management=http://host:15672',
    capabilities: { resumes: false, looksBack: false, history: false },
    options: rabbitmqOptions,
  },
  async open(config: SourceConfig, signal: AbortSignal): Promise<Source> {
    const settings = parseRabbitmqUrl(config.url, config.secret);
    const management = settings.management && createManagement(settings.management, settings);
    const connection = await openAmqp(settings, management, signal);
    return createRabbitmqSource(connection, settings, management, config);
  },
  async undo(config, effect) {
    if (effect.type !== 'rabbitmq.tracing') return;
    await undoTracing(effect, parseRabbitmqUrl(config.url, config.secret));
  },
};
