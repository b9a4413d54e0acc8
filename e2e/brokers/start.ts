import { ensureBrokers, type Need } from './availability.ts';
import { messageOf, progress } from './errors.ts';
import type { BrokerHandle, BrokerName } from './handle.ts';
import { startKafka, type KafkaBroker, type KafkaOptions } from './kafka.ts';
import { startRabbitmq, type RabbitmqBroker, type RabbitmqOptions } from './rabbitmq.ts';
import { startRedis, type RedisBroker, type RedisOptions } from './redis.ts';

export { startKafka } from './kafka.ts';

/** Options for each broker. */
export interface StartOptions {
  readonly kafka?: KafkaOptions;
  readonly rabbitmq?: RabbitmqOptions;
  readonly redis?: RedisOptions;
  /** What else is needed besides the three brokers, such as a browser. */
  readonly tools?: readonly Need[];
}

/** The brokers that run, and what is not there and why. */
export interface Brokers {
  readonly kafka: KafkaBroker | undefined;
  readonly rabbitmq: RabbitmqBroker | undefined;
  readonly redis: RedisBroker | undefined;
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
  /** Ends all of them and removes their data. */
  dispose(): Promise<void>;
}

/** Gets what is needed and starts all three brokers side by side; one that cannot be had is left out. */
export async function startBrokers(options: StartOptions = {}): Promise<Brokers> {
  const needs: Need[] = ['kafka', 'rabbitmq', 'redis', ...(options.tools ?? [])];
  const found = await ensureBrokers(needs);
  const unavailable = found.flatMap((one) => (one.available ? [] : [{ name: one.name, reason: one.reason }]));
  const has = (name: BrokerName): boolean => found.some((one) => one.name === name && one.available);
  const started: BrokerHandle[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((broker) => broker.dispose()));
  };
  const begin = async <T extends BrokerHandle>(
    name: BrokerName,
    start: () => Promise<T>,
  ): Promise<T | undefined> => {
    if (!has(name)) return undefined;
    const since = Date.now();
    const broker = await start();
    started.push(broker);
    progress(`${name} serves after ${((Date.now() - since) / 1000).toFixed(1)} s (${broker.via})`);
    return broker;
  };
  // All are awaited even when one fails, so that none is left running.
  const results = await Promise.allSettled([
    begin('kafka', () => startKafka(options.kafka)),
    begin('rabbitmq', () => startRabbitmq(options.rabbitmq)),
    begin('redis', () => startRedis(options.redis)),
  ]);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) {
    await dispose();
    throw new Error(messageOf(failure.reason), { cause: failure.reason });
  }
  const [kafka, rabbitmq, redis] = results.map((result) =>
    result.status === 'fulfilled' ? result.value : undefined,
  ) as [KafkaBroker | undefined, RabbitmqBroker | undefined, RedisBroker | undefined];
  return { kafka, rabbitmq, redis, unavailable, dispose };
}
