import { randomBytes } from 'node:crypto';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { withTimeout } from '../../base/timeout.ts';
import { ConnectionError } from '../../model/source.ts';
import type { RabbitmqSettings } from './options.ts';
import { traceExchange } from './observation.ts';
import type { Tap } from './taps.ts';
import { ownQueuePrefix } from './wiring.ts';

/** Bytes that the observing queue holds at most on the broker. */
export const maxQueueBytes = 128 * 1024 * 1024;

/** Messages that the broker sends ahead of our acknowledgement. */
const prefetch = 1_000;
const stepTimeoutMs = 5_000;
/** How long the broker may take to let go, ms. */
const goodbyeMs = 3_000;

/** Our exclusive queue: it goes with the connection, whatever happens. */
export interface ObservingQueue {
  readonly name: string;
  /** Binds; a refusal is thrown as `ConnectionError` `authorization` and leaves the queue as it was. */
  bind(tap: Tap): Promise<void>;
  unbind(tap: Tap): Promise<void>;
  /** Messages that wait in it. All that was sent before the answer has arrived by then. */
  depth(): Promise<number>;
  /** Acknowledges everything up to this message. */
  acknowledge(message: ConsumeMessage): void;
  /** Deletes it. Never throws: it goes with the connection anyway. */
  remove(): Promise<void>;
}

export interface QueueEvents {
  readonly onMessage: (message: ConsumeMessage) => void;
  /** The queue was deleted by somebody else, or its channel was closed. */
  readonly onEnd: (why: string) => void;
}

/** The bindings that show the firehose of these exchanges. */
export function firehoseTaps(channels: 'all' | readonly string[]): readonly Tap[] {
  const published = channels === 'all' ? ['publish.#'] : channels.map((name) => `publish.${name}`);
  return [...published, 'deliver.#'].map((routingKey) => ({ exchange: traceExchange, routingKey, args: {} }));
}

/**
 * Declares the queue and consumes from it.
 * @throws ConnectionError `authorization` where the user may not make queues.
 */
export async function openObservingQueue(
  connection: ChannelModel,
  s: RabbitmqSettings,
  events: QueueEvents,
): Promise<ObservingQueue> {
  const name = `${ownQueuePrefix}${randomBytes(6).toString('hex')}`;
  let removed = false;
  let control: Channel | undefined;

  const openChannel = async () => {
    const channel = await connection.createChannel();
    // A refused operation closes its channel with an 'error', which the operation's promise tells too.
    channel.on('error', () => {});
    return channel;
  };

  /** Runs one step on a channel that a refusal may close without harm to the consumer. */
  async function step<T>(what: string, run: (channel: Channel) => Promise<T>): Promise<T> {
    control ??= await openChannel();
    try {
      return await withTimeout(run(control), stepTimeoutMs, () => new Error('no answer in time'));
    } catch (error) {
      control = undefined;
      throw refusal(error, what, s);
    }
  }

  await step('make a queue', (channel) =>
    channel.assertQueue(name, {
      exclusive: true,
      autoDelete: true,
      durable: false,
      maxLength: s.buffer,
      overflow: 'drop-head',
      arguments: { 'x-max-length-bytes': maxQueueBytes, 'x-queue-type': 'classic' },
    }),
  );
  const consumer = await openChannel();
  consumer.on('close', () => {
    if (!removed) events.onEnd('the channel was closed');
  });
  await consumer.prefetch(prefetch);
  try {
    await consumer.consume(name, (message) => {
      if (message) events.onMessage(message);
      else if (!removed) events.onEnd('its queue was deleted');
    });
  } catch (error) {
    throw refusal(error, `read from its queue ${name}`, s);
  }

  return {
    name,
    bind: (tap) =>
      step(`read the exchange ${tap.exchange}`, async (channel) => {
        await channel.bindQueue(name, tap.exchange, tap.routingKey, tap.args);
      }),
    unbind: (tap) =>
      step(`unbind from ${tap.exchange}`, async (channel) => {
        await channel.unbindQueue(name, tap.exchange, tap.routingKey, tap.args);
      }),
    depth: async () => (await consumer.checkQueue(name)).messageCount,
    acknowledge(message) {
      try {
        consumer.ack(message, true);
      } catch {
        // The channel is closed; that is told by onEnd.
      }
    },
    async remove() {
      if (removed) return;
      removed = true;
      const deleting = step('delete its queue', (channel) => channel.deleteQueue(name))
        .then(() => Promise.all([consumer.close(), control?.close()]))
        .catch(() => {});
      await withTimeout(deleting, goodbyeMs, () => new Error('late')).catch(() => {});
    },
  };
}

function refusal(error: unknown, what: string, s: RabbitmqSettings): ConnectionError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 403) {
    return new ConnectionError(
      'authorization',
      `The user ${s.user} may not ${what} in ${s.vhost}.`,
      `Observing needs configure, write and read on ^${ownQueuePrefix} and read on the exchanges: ` +
        `rabbitmqctl set_permissions -p ${s.vhost} ${s.user} '^${ownQueuePrefix}' '^${ownQueuePrefix}' '.*'`,
      { cause: error },
    );
  }
  if (code === 404) {
    return new ConnectionError(
      'not-found',
      `Could not ${what}: it is not there.`,
      'Choose the exchanges again.',
      {
        cause: error,
      },
    );
  }
  return new ConnectionError(
    'lost',
    `Could not ${what}: ${message}.`,
    'Headwater connects again by itself.',
    {
      cause: error,
    },
  );
}
