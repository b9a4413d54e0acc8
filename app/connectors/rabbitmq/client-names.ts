import type { ClientName } from '../../model/delivery.ts';
import type { ClientConnection, Consumer } from './management-schema.ts';

/** Which client did something, as the firehose tells it. */
export interface ClientRef {
  /** `127.0.0.1:1234 -> 127.0.0.1:5672` */
  readonly connection: string | undefined;
  readonly channel: number | undefined;
  readonly queue: string;
}

/** Who is behind the connections that RabbitMQ names by their addresses. */
export interface ClientNames {
  /** The name that the client gave its connection. */
  nameOf(connection: string | undefined): string | undefined;
  /**
   * What a consumer is called: its connection's name, else a consumer tag that is no generated one, else its queue.
   * Undefined while the broker may still come to tell the connection's name.
   */
  consumerOf(client: ClientRef): string | undefined;
  /** As `consumerOf`, with what is known now. */
  guessConsumer(client: ClientRef): string;
  /** Asks the broker about connections that are unknown, at most once a second. Never throws: names are a convenience. */
  learn(connections: Iterable<string>): Promise<void>;
  /** Connections whose name became known only after it was asked for, the latest of them: with their names. */
  late(): readonly ClientName[];
  /** Takes over what a poll brought. */
  replace(connections: readonly ClientConnection[], consumers: readonly Consumer[]): void;
}

/** The management API tells a new connection's name only after its next statistics are due: within 5 s, ms. */
const patienceMs = 7_000;
const askEveryMs = 1_000;
const namesKept = 20_000;
const lateKept = 500;

/** A consumer tag that says something: not one that the broker or a library made up. */
export function spokenTag(tag: string): string | undefined {
  return /^amq\.ctag-|^ctag\d*[-_.]?[0-9a-f]{8,}$|^[0-9a-f-]{16,}$/i.test(tag) ? undefined : tag;
}

/** `fetchConnections`: the management API's list, where there is one; `now`: epoch ms. */
export function createClientNames(
  fetchConnections: (() => Promise<readonly ClientConnection[]>) | undefined,
  now: () => number,
): ClientNames {
  /** Connections that are gone stay: what they did may arrive later than their end. */
  const names = new Map<string, string | undefined>();
  const firstAsked = new Map<string, number>();
  const late: ClientName[] = [];
  let tags = new Map<string, string | undefined>();
  let lastAsked = -Infinity;

  function takeOver(connections: readonly ClientConnection[]): void {
    if (names.size > namesKept) names.clear();
    for (const { name, client_properties } of connections) {
      // Listed, but its statistics are not in yet.
      if (!client_properties) continue;
      const given = client_properties.connection_name || undefined;
      names.set(name, given);
      if (given !== undefined && firstAsked.has(name)) late.push({ client: name, name: given, at: now() });
      if (late.length > lateKept) late.shift();
      firstAsked.delete(name);
    }
  }

  const isOpen = (connection: string) =>
    fetchConnections !== undefined &&
    !names.has(connection) &&
    now() - (firstAsked.get(connection) ?? now()) < patienceMs;

  const guessConsumer = ({ connection, channel, queue }: ClientRef): string =>
    (connection === undefined ? undefined : names.get(connection)) ??
    tags.get(`${connection} (${channel}) ${queue}`) ??
    queue;

  return {
    nameOf: (connection) => (connection === undefined ? undefined : names.get(connection)),
    consumerOf: (client) =>
      client.connection !== undefined && isOpen(client.connection) ? undefined : guessConsumer(client),
    guessConsumer,
    late: () => late,
    async learn(connections) {
      if (!fetchConnections) return;
      const due = [...connections].filter(isOpen);
      if (firstAsked.size > namesKept) firstAsked.clear();
      for (const name of due) if (!firstAsked.has(name)) firstAsked.set(name, now());
      if (due.length === 0 || now() - lastAsked < askEveryMs) return;
      lastAsked = now();
      try {
        takeOver(await fetchConnections());
      } catch {
        // Without the list, events go without a producer; the poll reports why.
      }
    },
    replace(connections, consumers) {
      takeOver(connections);
      tags = new Map();
      for (const consumer of consumers) {
        const at = consumer.channel_details;
        if (!at) continue;
        const key = `${at.connection_name} (${at.number}) ${consumer.queue.name}`;
        tags.set(key, tags.has(key) ? undefined : spokenTag(consumer.consumer_tag));
      }
    },
  };
}
