import amqp, { type ConfirmChannel, type ConsumeMessage, type Options } from 'amqplib';
import type { Identity } from './identity.ts';
import type { Subject } from './log.ts';
import type { Shop } from './service.ts';

/** A service's connection to RabbitMQ, named after the service as is the custom. */
export async function rabbitOf(shop: Shop): Promise<ConfirmChannel> {
  const connection = await amqp.connect(shop.config.brokers.rabbitmq, {
    clientProperties: { connection_name: shop.name },
  });
  shop.onStop(() => connection.close());
  connection.on('error', (error: Error) => console.error(`${shop.name}: ${error.message}`));
  const channel = await connection.createConfirmChannel();
  channel.on('error', (error: Error) => console.error(`${shop.name}: ${error.message}`));
  return channel;
}

/** Publishes to the payments exchange, waits for the confirm, and logs it. `messageId` is where the team puts it. */
export async function publish(
  shop: Shop,
  channel: ConfirmChannel,
  message: {
    readonly routingKey: string;
    readonly body: string;
    readonly messageId: string;
    readonly options: Options.Publish;
  },
  subject: Subject,
  causedBy: readonly Identity[],
): Promise<void> {
  const exchange = shop.names.exchanges.payments;
  await new Promise<void>((resolve, reject) => {
    channel.publish(
      exchange,
      message.routingKey,
      Buffer.from(message.body),
      { contentType: 'application/json', persistent: true, ...message.options },
      (error: Error | null) => (error ? reject(error) : resolve()),
    );
  });
  shop.log.sent({ system: 'rabbitmq', channel: exchange, messageId: message.messageId }, subject, causedBy);
}

/** Consumes a queue. The handler acknowledges; what it throws rejects the message, which is then dead-lettered. */
export async function consumeQueue(
  shop: Shop,
  channel: ConfirmChannel,
  queue: string,
  handle: (message: ConsumeMessage, identity: Identity) => Promise<void>,
): Promise<void> {
  await channel.consume(
    queue,
    (message) => {
      if (!message) return;
      handle(message, identityOf(message)).catch((thrown: unknown) => {
        console.error(`${shop.name} rejects a message of ${queue}: ${String(thrown)}`);
        channel.nack(message, false, false);
      });
    },
    { consumerTag: `${shop.name}-${queue}` },
  );
}

/** What identifies a message from RabbitMQ: its message_id, or the header in which one team sends it. */
export function identityOf(message: ConsumeMessage): Identity {
  const header: unknown = message.properties.headers?.['message-id'];
  const messageId = String(message.properties.messageId ?? header);
  return { system: 'rabbitmq', channel: message.fields.exchange, messageId };
}
