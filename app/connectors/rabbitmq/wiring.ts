import { textOf } from './amqp-value.ts';
import type { Management } from './management.ts';
import type {
  ClientConnection,
  Consumer,
  Exchange,
  ExchangeBinding,
  Policy,
  Queue,
} from './management-schema.ts';

/** How a virtual host is wired at a moment, as the management API tells it. */
export interface Wiring {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly ExchangeBinding[];
  readonly consumers: readonly Consumer[];
  readonly connections: readonly ClientConnection[];
  readonly policies: readonly Policy[];
}

/** The queues that Headwater makes begin with this. */
export const ownQueuePrefix = 'headwater-';

/** Reads the wiring; connections and policies need more rights than the rest and may be missing. */
export async function readWiring(management: Management): Promise<Wiring> {
  const [exchanges, queues, bindings, consumers, connections, policies] = await Promise.all([
    management.exchanges(),
    management.queues(),
    management.bindings(),
    management.consumers(),
    management.connections().catch(() => []),
    management.policies().catch(() => []),
  ]);
  return { exchanges, queues, bindings, consumers, connections, policies };
}

/** Where a queue's messages go when they die; '' is the default exchange. Undefined: they are dropped. */
export function deadLetterOf(
  queue: Queue,
):
  | { readonly exchange: string; readonly routingKey: string | undefined; readonly atLeastOnce: boolean }
  | undefined {
  const policy = queue.effective_policy_definition ?? {};
  const setting = (name: string) => textOf(queue.arguments[`x-${name}`]) ?? textOf(policy[name]);
  const exchange = setting('dead-letter-exchange');
  if (exchange === undefined) return undefined;
  return {
    exchange,
    routingKey: setting('dead-letter-routing-key'),
    atLeastOnce: setting('dead-letter-strategy') === 'at-least-once',
  };
}

/** Where an exchange sends what it cannot route, by argument or policy. */
export function alternateOf(exchange: Exchange, policies: readonly Policy[]): string | undefined {
  const policy = policies.find((p) => p.name === exchange.policy)?.definition ?? {};
  return textOf(exchange.arguments['alternate-exchange']) ?? textOf(policy['alternate-exchange']);
}

/** Exchanges that are the broker's own: not offered first, and not chosen by default. */
export function isInternal(exchange: Exchange, bindings: readonly ExchangeBinding[]): boolean {
  if (exchange.name.startsWith('amq.rabbitmq.') || exchange.internal) return true;
  // Every virtual host has amq.topic and its like; they count once somebody uses them.
  return exchange.name.startsWith('amq.') && !bindings.some((b) => b.source === exchange.name);
}
