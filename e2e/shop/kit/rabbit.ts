import { setTimeout as sleep } from 'node:timers/promises';
import amqp, { type ChannelModel, type ConfirmChannel, type ConsumeMessage, type Options } from 'amqplib';
import type { Identity } from './identity.ts';
import type { Subject } from './log.ts';
import type { Shop } from './service.ts';

/** Handles a message, and acknowledges it by `ack`; what it throws rejects the message, which is dead-lettered. */
export type HandleMessage = (message: ConsumeMessage, identity: Identity, ack: () => void) => Promise<void>;

/** A service's connection to RabbitMQ; it comes back, with its consumers, when the broker does. */
export interface Rabbit {
  consume(queue: string, handle: HandleMessage): Promise<void>;
  /** Publishes to an exchange and waits for the confirm; again where the connection was lost meanwhile. */
  publish(exchange: string, routingKey: string, body: string, options: Options.Publish): Promise<void>;
}

const FINISH_WITHIN_MS = 2000;

/** Connects to RabbitMQ under the service's name, as is the custom. */
export async function rabbitOf(shop: Shop, prefetch: number): Promise<Rabbit> {
  const consumers: (readonly [queue: string, handle: HandleMessage])[] = [];
  const inHand = new Set<Promise<void>>();
  let channel: ConfirmChannel | undefined;
  let stopping = false;

  async function listen(on: ConfirmChannel, queue: string, handle: HandleMessage): Promise<void> {
    const work = async (message: ConsumeMessage): Promise<void> => {
      try {
        await handle(message, identityOf(message), () => on.ack(message));
      } catch (thrown) {
        // The broker gives what was in hand at a loss of the connection to somebody else: nothing to reject.
        if (stopping || channel !== on) return;
        console.error(`${shop.name} rejects a message of ${queue}: ${String(thrown)}`);
        on.nack(message, false, false);
      }
    };
    await on.consume(
      queue,
      (message) => {
        if (!message) return;
        const done = work(message).finally(() => inHand.delete(done));
        inHand.add(done);
      },
      { consumerTag: `${shop.name}-${queue}` },
    );
  }

  const connection = await amqp.connect(shop.config.brokers.rabbitmq, {
    clientProperties: { connection_name: shop.name },
    recovery: {
      initialDelay: 200,
      maxDelay: 1000,
      initialMaxRetries: 5,
      maxRetries: Infinity,
      async setup(model: ChannelModel) {
        const opened = await model.createConfirmChannel();
        opened.on('error', (error: Error) => console.error(`${shop.name}: ${error.message}`));
        await opened.prefetch(prefetch);
        channel = opened;
        for (const [queue, handle] of consumers) await listen(opened, queue, handle);
      },
    },
  });
  connection.on('error', () => {});
  connection.on('disconnect', () => {
    channel = undefined;
  });
  shop.onStop(async () => {
    stopping = true;
    for (const [queue] of consumers) await channel?.cancel(`${shop.name}-${queue}`).catch(() => {});
    await Promise.race([Promise.allSettled(inHand), sleep(FINISH_WITHIN_MS)]);
    await connection.close();
  });

  return {
    async consume(queue, handle) {
      consumers.push([queue, handle]);
      if (channel) await listen(channel, queue, handle);
    },
    async publish(exchange, routingKey, body, options) {
      const message = { contentType: 'application/json', persistent: true, ...options };
      for (;;) {
        try {
          return await confirmed(channel, exchange, routingKey, Buffer.from(body), message);
        } catch (thrown) {
          if (stopping) throw thrown;
          await sleep(200);
        }
      }
    },
  };
}

function confirmed(
  channel: ConfirmChannel | undefined,
  exchange: string,
  routingKey: string,
  body: Buffer,
  options: Options.Publish,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!channel) throw new Error('RabbitMQ is away');
    channel.publish(exchange, routingKey, body, options, (error: Error | null) =>
      error ? reject(error) : resolve(),
    );
  });
}

/** Publishes to the payments exchange and logs it. `messageId` is the id, wherever the team puts it. */
export async function publishPayment(
  shop: Shop,
  rabbit: Rabbit,
  message: {
    readonly routingKey: string;
    readonly body: string;
    readonly messageId: string;
    readonly options: Options.Publish;
  },
  subject: Subject,
  causedBy: readonly Identity[],
): Promise<Identity> {
  const channel = shop.names.exchanges.payments;
  await rabbit.publish(channel, message.routingKey, message.body, message.options);
  const identity: Identity = { system: 'rabbitmq', channel, messageId: message.messageId };
  shop.log.sent(identity, subject, causedBy);
  return identity;
}

/** What identifies a message from RabbitMQ: its message_id, or the header in which one team sends it. */
function identityOf(message: ConsumeMessage): Identity {
  const header: unknown = message.properties.headers?.['message-id'];
  const messageId = String(message.properties.messageId ?? header);
  return { system: 'rabbitmq', channel: message.fields.exchange, messageId };
}
