import { ownQueuePrefix, alternateOf, deadLetterOf, isInternal, type Wiring } from './wiring.ts';
import type { Exchange } from './management-schema.ts';

/** A binding of our queue to an exchange. */
export interface Tap {
  readonly exchange: string;
  readonly routingKey: string;
  readonly args: Readonly<Record<string, string>>;
}

export interface TapPlan {
  readonly taps: readonly Tap[];
  /** Exchanges that are tapped; one of type direct may have no binding to mirror yet. */
  readonly tapped: readonly string[];
  /** Exchanges that are not, with the reason in plain words. */
  readonly skipped: readonly { readonly exchange: string; readonly reason: string }[];
}

/** Names a tap, to compare two plans. */
export const tapKey = (tap: Tap): string => `${tap.exchange}\0${tap.routingKey}`;

const matchAll = { 'x-match': 'all' };

/**
 * Which bindings show what is published to these exchanges. Leaves out every exchange where a further binding would
 * change what happens to others' messages.
 */
export function planTaps(wiring: Wiring, chosen: 'all' | readonly string[]): TapPlan {
  const taps: Tap[] = [];
  const tapped: string[] = [];
  const skipped: { exchange: string; reason: string }[] = [];
  for (const exchange of wiring.exchanges) {
    const wanted = chosen === 'all' ? !isInternal(exchange, wiring.bindings) : chosen.includes(exchange.name);
    if (!wanted || exchange.name === '') continue;
    const reason = reasonAgainst(exchange, wiring);
    if (reason !== undefined) {
      skipped.push({ exchange: exchange.name, reason });
      continue;
    }
    tapped.push(exchange.name);
    taps.push(...tapsOn(exchange, wiring));
  }
  return { taps, tapped, skipped };
}

/**
 * Bindings that show dead letters when they reach their exchange, beside the firehose, which tells of them only once
 * a consumer gets them. Exchanges of queues that dead-letter at least once are left out: there, a further binding
 * would count as the safe arrival of a message.
 */
export function planDeadLetterTaps(wiring: Wiring): TapPlan {
  const from = wiring.queues.flatMap((queue) => deadLetterOf(queue) ?? []);
  const atLeastOnce = new Set(from.filter((d) => d.atLeastOnce).map((d) => d.exchange));
  const names = [...new Set(from.map((d) => d.exchange))].filter((name) => name !== '');
  const plan = planTaps(
    wiring,
    names.filter((name) => !atLeastOnce.has(name)),
  );
  const careful = [...atLeastOnce].filter((name) => name !== '');
  const reason = 'messages are dead-lettered to it at least once, and a tap would count as their arrival';
  return { ...plan, skipped: [...plan.skipped, ...careful.map((exchange) => ({ exchange, reason }))] };
}

/** What can be tapped without knowing anything of the exchange: all but what type direct routes. */
export function blindTap(exchange: string): Tap {
  return { exchange, routingKey: '#', args: matchAll };
}

function reasonAgainst(exchange: Exchange, wiring: Wiring): string | undefined {
  const alternate = alternateOf(exchange, wiring.policies);
  if (alternate !== undefined) {
    return `it sends what it cannot route to ${alternate}, and with a tap everything would be routed`;
  }
  if (exchange.policy && wiring.policies.length === 0) {
    return `its policy ${exchange.policy} cannot be read, which may name an alternate exchange`;
  }
  if (exchange.auto_delete) return 'it deletes itself with its last binding, and a tap would keep it';
  if (!['fanout', 'topic', 'headers', 'direct'].includes(exchange.type)) {
    return `a tap on an exchange of type ${exchange.type} may take messages from others`;
  }
  return undefined;
}

function tapsOn(exchange: Exchange, wiring: Wiring): readonly Tap[] {
  const { name } = exchange;
  switch (exchange.type) {
    case 'fanout':
      return [{ exchange: name, routingKey: '', args: {} }];
    case 'topic':
      return [{ exchange: name, routingKey: '#', args: {} }];
    case 'headers':
      return [{ exchange: name, routingKey: '', args: matchAll }];
    default: {
      const others = wiring.bindings.filter(
        (b) => b.source === name && !b.destination.startsWith(ownQueuePrefix),
      );
      const keys = new Set(others.map((b) => b.routing_key));
      return [...keys].map((routingKey) => ({ exchange: name, routingKey, args: {} }));
    }
  }
}
