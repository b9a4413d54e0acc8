import type { Redis } from 'ioredis';
import { createInbox, type Inbox } from '../../base/inbox.ts';
import { sleep, withTimeout } from '../../base/timeout.ts';
import { ConnectionError, type ReadRequest, type SourceConfig, type SourceItem } from '../../model/source.ts';
import { isTaken, readChoice } from './choice.ts';
import { connectRedis } from './client.ts';
import { commandError, lostError } from './errors.ts';
import { scanStreams } from './inspect.ts';
import type { RedisSettings } from './options.ts';
import { createPubsubReader, type PubsubReader } from './pubsub-reader.ts';
import { createStreamReader, type StreamReader } from './stream-reader.ts';
import { createWatch } from './watch.ts';

/** What one `read` has open, and what it finds. */
export interface Session {
  readonly inbox: Inbox<SourceItem>;
  /** These items were handed on. */
  taken(items: readonly SourceItem[]): void;
  /** Closes its connections. Never throws. */
  end(): Promise<void>;
}

/** How long the server may take to say goodbye, ms. */
const goodbyeMs = 500;
const watchMs = 2_000;
const probeMs = 1_000;

/** Opens the connections that the choice needs, finds the streams, and begins to read. @throws ConnectionError */
export async function startSession(
  commands: Redis,
  s: RedisSettings,
  config: SourceConfig,
  request: ReadRequest,
): Promise<Session> {
  const { cluster, now } = config;
  const choice = readChoice(request.channels);
  const inbox = createInbox<SourceItem>();
  const stop = new AbortController();
  const own: Redis[] = [];
  const told = new Set<string>();

  const alert = ({ message, remedy }: ConnectionError) => {
    if (told.has(message)) return;
    told.add(message);
    inbox.put({ kind: 'alert', severity: 'warning', message: `${message} ${remedy}`, time: now() });
  };
  const lose = () => {
    if (!stop.signal.aborted) inbox.fail(lostError(s, 'the server closed it'));
  };
  commands.on('close', lose);

  async function openOwn(): Promise<Redis> {
    const redis = await connectRedis(s, request.signal);
    own.push(redis);
    redis.on('close', lose);
    return redis;
  }

  /** A refusal of one part is told, and the rest goes on. */
  async function orRefused<T>(start: () => Promise<T>): Promise<T | undefined> {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.code !== 'authorization') throw error;
      alert(error);
      return undefined;
    }
  }

  async function startStreams(): Promise<StreamReader | undefined> {
    if (choice.streams !== 'all' && choice.streams.length === 0) return undefined;
    const reader = createStreamReader({
      blocking: await openOwn(),
      commands,
      settings: s,
      cluster,
      from: request.from,
      resume: request.resume,
      inbox,
      now,
      signal: stop.signal,
    });
    const names = choice.streams === 'all' ? await scanStreams(commands, s, request.signal) : choice.streams;
    for (const name of names) await orRefused(() => reader.add(name, false));
    return reader;
  }

  async function startPubsub(): Promise<PubsubReader | undefined> {
    if (choice.patterns.length === 0) return undefined;
    const { patterns } = choice;
    const reader = createPubsubReader({
      subscriber: await openOwn(),
      settings: s,
      cluster,
      patterns,
      inbox,
      now,
    });
    await reader.start();
    for (const { kind, name } of request.known ?? []) {
      if (kind === 'pubsub' && patterns.some((p) => isTaken(patterns, p, name))) reader.listenTo(name);
    }
    return reader;
  }

  async function every(ms: number, work: () => Promise<unknown>): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (stop.signal.aborted) return;
        const known = commandError(error, s, 'look at the server');
        if (known.code !== 'internal') return inbox.fail(known);
        alert(known);
      }
      await sleep(ms, stop.signal);
    }
  }

  let pubsub: PubsubReader | undefined;
  let loops: Promise<unknown> = Promise.resolve();
  let ended: Promise<void> | undefined;
  const end = () =>
    (ended ??= (async () => {
      stop.abort();
      commands.off('close', lose);
      await Promise.all(own.map(leave));
      await loops;
      inbox.end();
    })());

  try {
    pubsub = await orRefused(startPubsub);
    const streams = await orRefused(startStreams);
    if (!pubsub && !streams) {
      throw new ConnectionError(
        'authorization',
        `The user ${s.user ?? 'default'} may read none of the chosen channels.`,
        'Choose others, or let an administrator allow XREAD, SCAN and XINFO on them, or PSUBSCRIBE.',
      );
    }
    const look = createWatch({
      commands,
      settings: s,
      cluster,
      allStreams: choice.streams === 'all',
      streams,
      pubsub,
      put: inbox.put,
      alert,
      now,
      signal: stop.signal,
    });
    loops = Promise.all([
      streams?.run().catch((error: unknown) => inbox.fail(error)),
      every(watchMs, look),
      every(probeMs, async () => {
        await commands.ping();
        await pubsub?.probe();
      }),
    ]);
  } catch (error) {
    await end();
    throw error;
  }

  return {
    inbox,
    taken(items) {
      for (const item of items) {
        if (item.kind === 'message' && item.channel.kind === 'pubsub') pubsub?.taken(item.body?.length ?? 0);
      }
    },
    end,
  };
}

/** Closes a connection so that the server has forgotten it afterwards, unless it is blocked or does not answer. */
async function leave(redis: Redis): Promise<void> {
  await withTimeout(redis.quit(), goodbyeMs, () => new Error('late')).catch(() => {});
  redis.disconnect();
}
