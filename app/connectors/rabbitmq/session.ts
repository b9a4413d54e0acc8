import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { createInbox, type Inbox } from '../../base/inbox.ts';
import { sleep, withTimeout } from '../../base/timeout.ts';
import type { Channel } from '../../model/message.ts';
import { ConnectionError, type SourceConfig, type SourceItem } from '../../model/source.ts';
import { createClientNames, type ClientNames } from './client-names.ts';
import { createDeliveryDesk, type DeliveryDesk } from './delivery-desk.ts';
import { lostError } from './errors.ts';
import { createListening } from './listening.ts';
import { createManagement } from './management.ts';
import type { Means } from './means.ts';
import { firehoseTaps, openObservingQueue, type ObservingQueue } from './observing-queue.ts';
import type { RabbitmqSettings } from './options.ts';
import { named } from './side-effects.ts';
import { blindTap, planDeadLetterTaps, planTaps, type TapPlan } from './taps.ts';
import { createTapKeeper } from './tap-keeper.ts';
import { toTopology } from './topology.ts';
import { createTracingGuard } from './tracing-guard.ts';
import { readWiring, type Wiring } from './wiring.ts';

export interface SessionDeps {
  readonly connection: ChannelModel;
  readonly settings: RabbitmqSettings;
  readonly config: SourceConfig;
  readonly means: Means;
  readonly channels: 'all' | readonly string[];
  /** Whether what is published there was asked for. */
  readonly wanted: (channel: Channel) => boolean;
}

/** What one `read` has on the broker, and what it learns there beside messages. */
export interface Session {
  readonly inbox: Inbox<ConsumeMessage | SourceItem>;
  readonly names: ClientNames;
  readonly desk: DeliveryDesk;
  readonly means: Means['kind'];
  wiring(): Wiring | undefined;
  /** A channel was seen for the first time, in a message. */
  seen(channel: Channel): void;
  /** These messages were handed on and need not be kept. */
  taken(messages: readonly ConsumeMessage[]): void;
  /** Takes everything of ours off the broker. Never throws. */
  end(): Promise<void>;
}

/** How often the broker is asked for its wiring, and how often whether we still listen, ms. */
const pollMs = 5_000;
const probeMs = 1_000;
/** A connection that does not answer for so long is lost, ms. */
const silenceMs = 10_000;

/** Attaches: queue, bindings, tracing; then keeps watching. @throws ConnectionError */
export async function startSession(deps: SessionDeps): Promise<Session> {
  const { connection, settings, config, channels, wanted } = deps;
  const { now } = config;
  const inbox = createInbox<ConsumeMessage | SourceItem>();
  const stop = new AbortController();
  const management =
    settings.management && createManagement(settings.management, settings, { signal: stop.signal });
  const names = createClientNames(management && (() => management.connections()), now);
  const desk = createDeliveryDesk(names);
  const listening = createListening(settings.buffer);
  const keeper = createTapKeeper();
  const told = new Set<string>();
  let { means } = deps;
  const guard =
    management && settings.management && means.kind === 'firehose'
      ? createTracingGuard(management, settings.management, settings, config, means.enable)
      : undefined;
  let wiring: Wiring | undefined;
  let queue: ObservingQueue | undefined;
  let attachedAt = 0;
  /** Tracing is off: nothing arrives, however well the connection does. */
  let deaf = false;
  let pollFailed = false;
  let lost = false;

  const alert = (severity: 'info' | 'warning', message: string) => {
    if (told.has(message)) return;
    told.add(message);
    inbox.put({ kind: 'alert', severity, message, time: now() });
  };
  const putAll = (items: readonly SourceItem[]) => items.forEach((item) => inbox.put(item));
  const lose = (why: string) => {
    lost = true;
    if (!stop.signal.aborted) inbox.fail(lostError(settings, why));
  };
  const onClose = (error?: Error) => lose(error?.message ?? 'the broker closed it');
  connection.on('close', onClose);

  const plan = (): TapPlan => {
    if (wiring) return means.kind === 'firehose' ? planDeadLetterTaps(wiring) : planTaps(wiring, channels);
    const blind = means.kind === 'firehose' || channels === 'all' ? [] : named(channels);
    return { taps: blind.map(blindTap), tapped: blind, skipped: [] };
  };

  /** Follows exchanges and bindings that came and went since `lastPoll`. */
  async function followPlan(observing: ObservingQueue, lastPoll: number): Promise<void> {
    const current = plan();
    for (const { exchange, reason } of current.skipped) {
      alert('warning', `The exchange ${exchange} is not tapped: ${reason}.`);
    }
    const { added, removed, late, problems } = await keeper.follow(observing, current, wiring);
    for (const { message, remedy } of problems) alert('warning', `${message} ${remedy}`);
    if (means.kind === 'firehose') return;
    for (const name of added) {
      listening.add(exchangeChannel(name), now());
      if (!wiring?.exchanges.some((e) => e.name === name && e.type === 'direct')) continue;
      alert('info', `Of the direct exchange ${name}, a tap sees only what other queues are bound for.`);
    }
    for (const name of removed) listening.remove(exchangeChannel(name));
    for (const { exchange, routingKey } of late) {
      const reason = `a new binding with the key "${routingKey}" was followed only now`;
      const channel = exchangeChannel(exchange);
      inbox.put({ kind: 'coverage', channel, state: 'gap', from: lastPoll, to: now(), reason });
    }
  }

  const exchangeChannel = (name: string): Channel => ({
    system: 'rabbitmq',
    cluster: config.cluster,
    name,
    kind: 'exchange',
  });

  function listen(channel: Pick<Channel, 'name' | 'kind'>, since: number): void {
    const full: Channel = { system: 'rabbitmq', cluster: config.cluster, ...channel };
    if (wanted(full)) listening.add(full, since);
  }

  function listenToFirehose(): void {
    for (const { name } of wiring?.exchanges ?? []) {
      if (name !== '' && !name.startsWith('amq.rabbitmq.')) listen({ name, kind: 'exchange' }, attachedAt);
    }
    for (const { name } of wiring?.queues ?? []) {
      if (name !== queue?.name) listen({ name, kind: 'queue' }, attachedAt);
    }
  }

  async function attach(): Promise<void> {
    const observing = await openObservingQueue(connection, settings, {
      onMessage(message) {
        listening.received(message.content.length);
        inbox.put(message);
      },
      onEnd: lose,
    });
    queue = observing;
    if (means.kind === 'firehose') {
      const publishes = channels !== 'all' && !channels.includes('(default)') ? channels : 'all';
      for (const tap of firehoseTaps(publishes)) await observing.bind(tap);
      await guard?.start();
      attachedAt = now();
    }
    await followPlan(observing, now());
    if (means.kind === 'firehose') listenToFirehose();
  }

  async function attachAsAllowed(): Promise<void> {
    try {
      await attach();
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.code !== 'authorization') throw error;
      await queue?.remove();
      if (means.kind === 'firehose' && settings.mode === 'auto' && queue) {
        alert('info', `Without the firehose: ${error.message}`);
        means = { kind: 'taps', enable: false };
        queue = undefined;
        return attachAsAllowed();
      }
      if (settings.mode === 'firehose') throw error;
      queue = undefined;
      alert('warning', `Only the topology can be shown, no messages. ${error.message} ${error.remedy}`);
    }
  }

  async function checkTracing(): Promise<void> {
    const state = await guard?.check();
    if (!state || stop.signal.aborted) return;
    deaf = !state.on;
    if (state.missedSince === undefined) return;
    putAll(listening.missed(state.missedSince, now(), 'tracing was switched off on the broker'));
    alert(
      'warning',
      state.on
        ? 'Tracing had been switched off on the broker, and is on again.'
        : 'Tracing was switched off on the broker: messages are not seen until it is on again.',
    );
  }

  async function learnConsumers({ connections, consumers }: Wiring): Promise<void> {
    names.replace(connections, consumers);
    await names.learn(new Set(consumers.flatMap((c) => c.channel_details?.connection_name ?? [])));
  }

  async function poll(): Promise<void> {
    if (!management) return;
    const lastPoll = now();
    try {
      wiring = await readWiring(management);
      pollFailed = false;
    } catch (error) {
      if (!pollFailed && !stop.signal.aborted)
        alert('warning', `The topology cannot be read: ${(error as Error).message}`);
      pollFailed = true;
      return;
    }
    await learnConsumers(wiring);
    if (!stop.signal.aborted) inbox.put(toTopology(wiring, config.cluster, names, now()));
    if (!queue) return;
    if (means.kind === 'firehose') {
      await checkTracing();
      listenToFirehose();
    }
    if (!stop.signal.aborted) await followPlan(queue, lastPoll - pollMs);
  }

  async function probe(): Promise<void> {
    if (!queue) return;
    putAll(await desk.settle());
    const asked = now();
    const depth = await withTimeout(
      queue.depth(),
      silenceMs,
      () => new Error('it does not answer'),
      stop.signal,
    );
    if (stop.signal.aborted) return;
    const marks = listening.probed(asked, depth);
    putAll(deaf ? marks.filter((mark) => mark.state !== 'read') : marks);
  }

  async function every(ms: number, work: () => Promise<void>): Promise<void> {
    for (;;) {
      await sleep(ms, stop.signal);
      if (stop.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof ConnectionError)) lose(error instanceof Error ? error.message : String(error));
        else if (error.code === 'lost') inbox.fail(error);
        else alert('warning', `${error.message} ${error.remedy}`);
      }
    }
  }

  let loops: Promise<unknown> = Promise.resolve();
  let ended: Promise<void> | undefined;

  async function detach(): Promise<void> {
    stop.abort();
    await loops;
    putAll(desk.flush());
    putAll(listening.end());
    connection.off('close', onClose);
    await guard?.end();
    // With the connection, the queue is gone too.
    if (!lost) await queue?.remove();
    inbox.end();
  }
  const end = () => (ended ??= detach());

  try {
    if (means.problem) {
      alert(
        'warning',
        `${means.problem.message} ${means.problem.remedy} Topology, names and deliveries are missing.`,
      );
    } else if (means.because !== undefined && settings.mode === 'auto') {
      alert('info', `Without the firehose: ${means.because}. Exchanges are tapped; deliveries are not seen.`);
    }
    if (management && !means.problem) {
      wiring = await readWiring(management).catch((error: unknown) => {
        alert('warning', `The topology cannot be read: ${(error as Error).message}`);
        return undefined;
      });
      if (wiring) {
        await learnConsumers(wiring);
        inbox.put(toTopology(wiring, config.cluster, names, now()));
      }
    }
    await attachAsAllowed();
  } catch (error) {
    await end();
    throw error;
  }
  loops = Promise.all([every(pollMs, poll), every(probeMs, probe)]);

  return {
    inbox,
    names,
    desk,
    get means() {
      return means.kind;
    },
    wiring: () => wiring,
    seen: (channel) => means.kind === 'firehose' && listening.add(channel, attachedAt),
    taken(messages) {
      listening.taken(messages.length);
      const last = messages.at(-1);
      if (last) queue?.acknowledge(last);
    },
    end,
  };
}
