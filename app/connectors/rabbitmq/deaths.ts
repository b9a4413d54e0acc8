import { secondsOf, tableOf, textOf, type AmqpTable } from './amqp-value.ts';

/** One line of a message's `x-death` header: it left a queue for a dead-letter exchange. */
export interface Death {
  readonly queue: string;
  /** rejected, expired, maxlen, delivery_limit. */
  readonly reason: string;
  /** How often it died there for that reason. */
  readonly count: number;
  /** When it last did; whole seconds since 1970. */
  readonly seconds: number | undefined;
  readonly exchange: string;
  readonly routingKey: string | undefined;
}

/** The deaths that a message tells of, latest first. */
export function deathsOf(headers: AmqpTable): readonly Death[] {
  const list = headers['x-death'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item): Death[] => {
    const death = tableOf(item);
    const queue = textOf(death.queue);
    if (queue === undefined) return [];
    const keys: unknown = death['routing-keys'];
    return [
      {
        queue,
        reason: textOf(death.reason) ?? 'unknown',
        count: typeof death.count === 'number' ? death.count : 1,
        seconds: secondsOf(death.time),
        exchange: textOf(death.exchange) ?? '',
        routingKey: Array.isArray(keys) ? textOf(keys[0]) : undefined,
      },
    ];
  });
}

/** What RabbitMQ adds to a message while it moves it, and what it takes away: no part of what was published. */
const added =
  /^(x-death|x-(first|last)-death-(queue|reason|exchange)|x-delivery-count|x-acquired-count|x-stream-offset|CC|BCC)$/;

export function publishedHeaders(headers: AmqpTable): AmqpTable {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.test(name)));
}

export interface Origin {
  readonly exchange: string;
  readonly routingKey: string;
}

/**
 * Where a message was first published: for one that was dead-lettered not the exchange that it came by last, but the
 * one before its first death.
 */
export function originOf(headers: AmqpTable, now: Origin): Origin {
  const deaths = deathsOf(headers);
  const first =
    deaths.find(
      (d) => d.queue === headers['x-first-death-queue'] && d.reason === headers['x-first-death-reason'],
    ) ?? deaths.at(-1);
  if (!first) return now;
  return {
    exchange: textOf(headers['x-first-death-exchange']) ?? first.exchange,
    routingKey: first.routingKey ?? now.routingKey,
  };
}
