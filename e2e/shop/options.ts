import { parseArgs } from 'node:util';
import { parseFault, type Fault } from './faults.ts';

/** Where the three brokers are. */
export interface BrokerUrls {
  /** host:port, more than one with commas between. */
  readonly kafka: string;
  readonly rabbitmq: string;
  readonly redis: string;
}

/** How to run the shop. */
export interface ShopOptions {
  readonly brokers: BrokerUrls;
  /** Orders a second. */
  readonly rate: number;
  readonly orders: number;
  readonly faults?: readonly Fault[];
  /** Folder for the services' logs; a new temporary one otherwise. */
  readonly logDir?: string;
  /** Decides order numbers, ids, customers and amounts. */
  readonly seed: number | string;
  /** Put before the names of topics, exchanges, queues, streams and groups. */
  readonly prefix?: string;
  /** How long nothing may move before the run counts as over (4 s); more where a broker is restarted. */
  readonly patienceMs?: number;
}

/** What a service is told when it starts. */
export interface ServiceConfig {
  readonly brokers: BrokerUrls;
  readonly rate: number;
  readonly orders: number;
  readonly firstOrder: number;
  readonly faults: readonly Fault[];
  readonly logDir: string;
  readonly seed: number | string;
  readonly prefix: string;
}

/** The command line, read; brokers that were not named are to be started. */
export interface CommandLine extends Omit<ShopOptions, 'brokers'> {
  readonly brokers: Partial<BrokerUrls>;
  readonly help: boolean;
}

/** Reads `--rate 20 --orders 500 --fault NAME …`; throws with what is wrong. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kafka: { type: 'string' },
      rabbitmq: { type: 'string' },
      redis: { type: 'string' },
      rate: { type: 'string', default: '20' },
      orders: { type: 'string', default: '100' },
      fault: { type: 'string', multiple: true, default: [] },
      log: { type: 'string' },
      seed: { type: 'string' },
      prefix: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    brokers: {
      ...(values.kafka !== undefined && { kafka: values.kafka.replace(/^kafka:\/\//, '') }),
      ...(values.rabbitmq !== undefined && { rabbitmq: values.rabbitmq }),
      ...(values.redis !== undefined && { redis: values.redis }),
    },
    rate: positive('--rate', values.rate),
    orders: positive('--orders', values.orders),
    faults: values.fault.map(parseFault),
    ...(values.log !== undefined && { logDir: values.log }),
    // A new seed each time: orders of two runs in one broker must not have the same numbers.
    seed: values.seed ?? Math.floor(Math.random() * 1_000_000),
    prefix: values.prefix,
    help: values.help,
  };
}

function positive(name: string, value: string): number {
  const parsed = Number(value);
  if (!(parsed > 0)) throw new Error(`${name} must be a number above 0, not "${value}".`);
  return parsed;
}
