import type { Channel } from '../../model/message.ts';
import { ConnectionError, type ReadRequest, type SourceItem } from '../../model/source.ts';
import type { Cluster } from './cluster.ts';
import { translateError } from './errors.ts';
import { fetchLoop, type Fetched, type FetchSink } from './fetch-loop.ts';
import { watchGroups } from './groups.ts';
import { Mailbox } from './mailbox.ts';
import { createPartitions } from './partitions.ts';
import { dueMark, type Reading } from './reading.ts';
import { Bell, pause } from './signals.ts';
import { unpackFetched } from './unpack.ts';

/** What reading needs to know beside the request. Times in ms. */
export interface ReadContext {
  readonly cluster: Cluster;
  /** The brokers as the user named them, for messages. */
  readonly where: string;
  readonly channelOf: (topic: string) => Channel;
  readonly now: () => number;
  /** How often topics, partitions and leaders are asked for, and how often consumer groups. */
  readonly refreshMs: number;
  readonly groupsMs: number;
}

type Parcel =
  | { readonly kind: 'fetched'; readonly parts: readonly Fetched[] }
  | { readonly kind: 'items'; readonly items: readonly SourceItem[] }
  | {
      readonly kind: 'jumped';
      readonly reading: Reading;
      readonly to: number;
      readonly items: readonly SourceItem[];
    }
  | { readonly kind: 'tick' };

/** Coverage of partitions that came to rest is reported this often, ms. */
const tickMs = 1_000;
/** Between two tries to learn who leads what, ms. */
const staleMs = 250;

/**
 * Reads all partitions until the signal aborts: a fetch loop for each broker, and beside them the watch over topics,
 * partitions and leaders, and over consumer groups. No group is joined; nothing is left on the brokers.
 * @throws ConnectionError `lost` when no broker answers any more.
 */
export async function* readPartitions(
  request: ReadRequest,
  context: ReadContext,
): AsyncGenerator<readonly SourceItem[]> {
  const { cluster, now } = context;
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const mailbox = new Mailbox<Parcel>();
  const partitions = createPartitions({
    ...context,
    chosen: request.channels,
    from: request.from,
    resume: request.resume,
  });
  const stale = new Bell();
  const loops = new Map<number, Promise<void>>();
  const handItems = async (items: readonly SourceItem[]): Promise<void> => {
    if (items.length > 0) await mailbox.put({ kind: 'items', items });
  };
  const sink: FetchSink = {
    now,
    items: handItems,
    fetched: (parts) => mailbox.put({ kind: 'fetched', parts }),
    jumped: (reading, to, items) => mailbox.put({ kind: 'jumped', reading, to, items }),
    stale: () => stale.ring(),
    refuse: (reading) => partitions.refuse(reading),
  };

  const ofNode = (node: number): Reading[] =>
    [...partitions.readings.values()].filter(
      (reading) => !reading.paused && cluster.leader(reading) === node,
    );

  /** A loop for each broker that leads something and has none. One that fails ends; the next refresh starts another. */
  const startLoops = (): void => {
    for (const node of cluster.nodes()) {
      if (loops.has(node) || ofNode(node).length === 0) continue;
      const loop = fetchLoop(cluster, node, () => ofNode(node), sink, signal)
        .catch((thrown: unknown) => {
          if (!(thrown instanceof ConnectionError)) throw thrown;
          cluster.drop(node);
          stale.ring();
        })
        .finally(() => loops.delete(node));
      loops.set(node, loop);
      loop.catch((thrown: unknown) => mailbox.fail(lost(thrown, context.where)));
    }
  };

  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      await stale.wait(context.refreshMs, signal);
      if (signal.aborted) return;
      await handItems(await partitions.refresh());
      startLoops();
      await pause(staleMs, signal);
    }
  };
  const tick = async (): Promise<void> => {
    for (; !signal.aborted; await pause(tickMs, signal)) await mailbox.put({ kind: 'tick' });
  };
  const groups = (): Promise<void> =>
    watchGroups(
      { ...context, channels: () => partitions.channels, hand: handItems, everyMs: context.groupsMs },
      signal,
    );

  const marks = (force = false): SourceItem[] =>
    [...partitions.readings.values()].flatMap((reading) => dueMark(reading, now(), force) ?? []);

  const end = (): void => mailbox.end();
  signal.addEventListener('abort', end);
  let tasks: readonly Promise<void>[] = [];
  try {
    const first = await partitions
      .refresh()
      .catch((thrown: unknown) => Promise.reject(lost(thrown, context.where)));
    yield first;
    startLoops();
    tasks = [follow(), groups(), tick()];
    for (const task of tasks) task.catch((thrown: unknown) => mailbox.fail(lost(thrown, context.where)));
    for (;;) {
      const parcel = await mailbox.take();
      if (!parcel || signal.aborted) break;
      if (parcel.kind === 'fetched') {
        for (const batch of unpackFetched(parcel.parts, now)) {
          yield batch;
          if (signal.aborted) break;
        }
      } else if (parcel.kind === 'jumped') {
        const { reading, to } = parcel;
        const mark = dueMark(reading, now(), true);
        reading.handed = reading.marked = to;
        yield mark ? [mark, ...parcel.items] : parcel.items;
      } else {
        const items = parcel.kind === 'items' ? parcel.items : marks();
        if (items.length > 0) yield items;
      }
    }
    const last = marks(true);
    if (last.length > 0) yield last;
  } finally {
    signal.removeEventListener('abort', end);
    stop.abort();
    mailbox.close();
    // Their requests end within the brokers' waiting time; whoever closes the source does not wait for that.
    await Promise.allSettled([...tasks, ...loops.values()]);
  }
}

/** The same error for whatever shows that the brokers are gone. */
function lost(thrown: unknown, where: string): ConnectionError {
  const error = translateError(thrown, where);
  if (!['unreachable', 'timeout', 'lost', 'host-not-found'].includes(error.code)) return error;
  const message = `The connection to Kafka at ${where} was lost: ${error.message}`;
  return new ConnectionError(
    'lost',
    message,
    'Headwater connects again by itself and goes on where it was.',
    { cause: error },
  );
}
