import type { Brokers } from './start.ts';

/** Where the brokers of a test run are, as plain data that can be handed to a worker. */
export interface BrokersInfo {
  readonly kafka?: { readonly bootstrap: string; readonly url: string };
  readonly rabbitmq?: { readonly amqpUrl: string; readonly managementUrl: string; readonly url: string };
  readonly redis?: { readonly url: string };
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}

/** The plain data of running brokers. `rabbitmq.url` names its management too, as a connection URL does. */
export function brokersInfo({ kafka, rabbitmq, redis, unavailable }: Brokers): BrokersInfo {
  return {
    ...(kafka && { kafka: { bootstrap: kafka.bootstrap, url: kafka.url } }),
    ...(rabbitmq && {
      rabbitmq: {
        amqpUrl: rabbitmq.amqpUrl,
        managementUrl: rabbitmq.managementUrl,
        url: `${rabbitmq.amqpUrl}?management=${withoutLogin(rabbitmq.managementUrl)}`,
      },
    }),
    ...(redis && { redis: { url: redis.url } }),
    unavailable,
  };
}

function withoutLogin(url: string): string {
  const parsed = new URL(url);
  return `http://${parsed.host}`;
}
