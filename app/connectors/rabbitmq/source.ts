import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { withTimeout } from '../../base/timeout.ts';
import type { Channel } from '../../model/message.ts';
import type { ChannelInfo, ReadRequest, Source, SourceConfig, SourceItem } from '../../model/source.ts';
import { ConnectionError } from '../../model/source.ts';
import { createEventMemory, defaultExchange } from './event-memory.ts';
import type { Management } from './management.ts';
import { decideMeans, mustSee } from './means.ts';
import { readTap, readTrace, traceExchange, type Observation } from './observation.ts';
import type { RabbitmqSettings } from './options.ts';
import { startSession, type Session } from './session.ts';
import { listSideEffects } from './side-effects.ts';
import { planTaps } from './taps.ts';
import { toItems, type Context } from './to-items.ts';
import { deadLetterOf, isInternal, ownQueuePrefix, readWiring, type Wiring } from './wiring.ts';

/** How long the broker may take to say goodbye, ms. */
const goodbyeMs = 3_000;
/** Messages turned into items at once; the page behind must not wait for thousands. */
const batchSize = 500;

/** An open connection to one virtual host. */
export function createRabbitmqSource(
  connection: ChannelModel,
  s: RabbitmqSettings,
  management: Management | undefined,
  config: SourceConfig,
): Source {
  const { cluster, now } = config;
  const memory = createEventMemory(`rabbitmq/${cluster}`);
  const sessions = new Set<Session>();
  let closed: Promise<void> | undefined;

  async function discover(): Promise<readonly ChannelInfo[]> {
    if (!management) {
      throw new ConnectionError(
        'unsupported',
        'Without the management API, the exchanges cannot be listed.',
        'Name the exchanges to tap, or leave management=none out of the URL.',
      );
    }
    const [means, wiring] = await Promise.all([decideMeans(management, s), readWiring(management)]);
    const firehose = means.kind === 'firehose';
    const skipped = new Map(planTaps(wiring, 'all').skipped.map((skip) => [skip.exchange, skip.reason]));
    const channel = (name: string): Channel => ({ system: 'rabbitmq', cluster, name, kind: 'exchange' });
    const meansFor = (name: string) => {
      if (firehose) return 'firehose';
      const reason = skipped.get(name);
      return reason === undefined ? 'tap queue' : `not observed: ${reason}`;
    };
    return [
      ...wiring.exchanges
        .filter((e) => e.name !== '' && e.name !== traceExchange)
        .map((e) => ({
          channel: channel(e.name),
          internal: isInternal(e, wiring.bindings),
          means: meansFor(e.name),
        })),
      {
        channel: channel(defaultExchange),
        means: firehose
          ? 'firehose; each queue is a channel of its own'
          : 'not observed: the default exchange cannot be tapped',
      },
    ];
  }

  async function* read({ channels, signal }: ReadRequest): AsyncGenerator<readonly SourceItem[]> {
    const wanted = wantedBy(channels);
    const means = await decideMeans(management, s);
    mustSee(means, s, channels);
    const session = await startSession({
      connection,
      settings: s,
      config,
      means,
      channels,
      wanted,
    });
    sessions.add(session);
    const stop = () => void session.end();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const context: Context = {
      cluster,
      memory,
      nameOf: session.names.nameOf,
      wanted,
      isOurs: (queue) => queue.startsWith(ownQueuePrefix),
      now,
    };
    try {
      yield [];
      for (;;) {
        const taken = await session.inbox.take();
        if (taken.length === 0) return;
        for (let at = 0; at < taken.length; at += batchSize) {
          const slice = taken.slice(at, at + batchSize);
          const items = await toBatch(slice, session, context);
          if (items.length > 0) yield items;
          // Only now: what is not acknowledged is what the broker keeps for us.
          session.taken(slice.filter((item) => 'fields' in item));
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await session.end();
      sessions.delete(session);
    }
  }

  return {
    discover,
    async sideEffects(channels) {
      const means = await decideMeans(management, s);
      const wiring = management && !means.problem ? await readWiring(management) : undefined;
      return listSideEffects(means, wiring, channels, s);
    },
    read,
    close() {
      return (closed ??= (async () => {
        await Promise.all([...sessions].map((session) => session.end()));
        // A broker that does not answer would keep it open for ever.
        await withTimeout(connection.close(), goodbyeMs, () => new Error('late')).catch(() => {});
      })());
    },
  };
}

/** `(default)` stands for everything that is published to the default exchange, whose channels are queues. */
function wantedBy(channels: 'all' | readonly string[]): (channel: Channel) => boolean {
  if (channels === 'all') return ({ name }) => !name.startsWith('amq.rabbitmq.') || name.endsWith('reply-to');
  const names = new Set(channels);
  return ({ kind, name }) => (kind === 'queue' && names.has(defaultExchange)) || names.has(name);
}

async function toBatch(
  taken: readonly (ConsumeMessage | SourceItem)[],
  session: Session,
  context: Context,
): Promise<readonly SourceItem[]> {
  const seen = taken.map((item) => ('fields' in item ? observe(item, session) : item));
  const connections = new Set<string>();
  for (const item of seen) if (item && 'act' in item && item.connection) connections.add(item.connection);
  await session.names.learn(connections);
  return seen.flatMap((item): readonly SourceItem[] => {
    if (!item) return [];
    if (!('act' in item)) return [item];
    const { message, deliveries } = toItems(item, context);
    if (message) session.seen(message.channel);
    return [...(message ? [message] : []), ...deliveries.flatMap((open) => session.desk.accept(open))];
  });
}

/** Reads what our queue got; undefined for what is none of our business. */
function observe(message: ConsumeMessage, session: Session): Observation | undefined {
  if (message.fields.exchange === traceExchange) return readTrace(message);
  const seen = readTap(message, (exchange, queue) => diesInto(session.wiring(), exchange, queue));
  // Beside the firehose, taps are there for dead letters only: it shows the rest itself.
  return session.means === 'firehose' && seen.act !== 'dead-letter' ? undefined : seen;
}

/** Whether messages that die in the queue go to the exchange; for a queue that is gone, whether any do. */
function diesInto(wiring: Wiring | undefined, exchange: string, ofQueue: string): boolean {
  if (!wiring) return true;
  const queue = wiring.queues.find((q) => q.name === ofQueue);
  if (queue) return deadLetterOf(queue)?.exchange === exchange;
  return wiring.queues.some((q) => deadLetterOf(q)?.exchange === exchange);
}
