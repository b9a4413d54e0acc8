import type { CaptureSummary } from '../model/capture.ts';
import type { Mask } from '../model/mask.ts';
import type { Channel, System } from '../model/message.ts';
import { ConnectionError } from '../model/source.ts';
import type {
  Alert,
  Connector,
  SideEffect,
  Source,
  SourceConfig,
  SourceItem,
  StartFrom,
} from '../model/source.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { createGapTracker, type GapTracker } from './gap-tracker.ts';
import { createRate, type Rate } from './rates.ts';
import type { Recorder } from './recorder.ts';
import type { SecretPlace } from './secret-store.ts';

/** What the user asked for; kept across restarts. Holds no password. */
export interface ConnectionConfig {
  readonly id: string;
  readonly name: string;
  /** Without its password. */
  readonly url: string;
  readonly cluster: string;
  readonly channels: 'all' | readonly string[];
  readonly from: StartFrom;
  /** Whether it should be connected: what a restart goes by. */
  readonly wanted: boolean;
  /** It was given a password, or names a user who has one. */
  readonly hasSecret?: boolean;
  /** A look-back stored events that live reading may meet again. */
  readonly mayRepeat?: boolean;
  readonly mask?: Mask;
}

export type Phase = 'connecting' | 'live' | 'reconnecting' | 'failed' | 'disconnected' | 'done';

/** A problem as a person reads it. */
export interface ConnectionProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface ChannelState {
  readonly channel: Channel;
  readonly events: number;
  readonly rate: number;
  readonly gaps: readonly { from?: number; to?: number; count?: number; reason: string }[];
}

/** What a connection is doing, at a glance. */
export interface ConnectionStatus {
  readonly phase: Phase;
  readonly problem?: ConnectionProblem;
  readonly active: readonly ChannelState[];
  readonly events: number;
  readonly rate: number;
  readonly alerts: readonly { time: number; severity: Alert['severity']; message: string }[];
}

/** A connection as it is shown. */
export interface ConnectionView extends ConnectionStatus {
  readonly id: string;
  readonly name: string;
  readonly system: System | 'file' | 'demo';
  readonly url: string;
  readonly channels: 'all' | readonly string[];
  readonly from: StartFrom;
  readonly sideEffects: readonly SideEffect[];
  readonly needsSecret: boolean;
  /** Where its password is; undefined where it has none. */
  readonly secretIn?: SecretPlace;
  readonly mask?: Mask;
  /** Of a file: what it says of itself, known before its events are read. */
  readonly capture?: CaptureSummary;
  /** Of a file that is being read. */
  readonly progress?: { readonly read: number; readonly total?: number };
}

/** One connection: reads until told to stop, comes back by itself when that can help. */
export interface Connection {
  status(): ConnectionStatus;
  /** The open source, while live. */
  readonly source: Source | undefined;
  /** Starts the loop; a running one goes on. */
  start(): void;
  /** Stops reading and undoes side effects; resolves when the broker holds nothing of ours any more. */
  stop(): Promise<void>;
}

/** What an earlier run left on the broker, whoever of its connections it was. */
export interface LeftOver {
  readonly effect: SideEffect;
  /** It was undone. */
  done(): Promise<void>;
}

export interface ConnectionDeps {
  readonly connector: Connector;
  readonly sourceConfig: () => Promise<SourceConfig>;
  readonly leftOver: () => readonly LeftOver[];
  readonly store: TraceStore;
  readonly recorder: Recorder;
  readonly onChange: () => void;
}

const alertsKept = 20;
const gapsKept = 50;
const backOffMs = { first: 500, most: 10_000 };

interface Counter {
  readonly channel: Channel;
  readonly rate: Rate;
  stored: number;
  readonly gaps: { from?: number; to?: number; count?: number; reason: string }[];
}

const channelKey = (c: Channel) => `${c.kind}/${c.name}`;

export function createConnection(config: () => ConnectionConfig, deps: ConnectionDeps): Connection {
  const { connector, store, recorder } = deps;
  const { id } = config();
  let phase: Phase = 'disconnected';
  let problem: ConnectionProblem | undefined;
  let source: Source | undefined;
  let abort: AbortController | undefined;
  let running: Promise<void> | undefined;
  let gaps: GapTracker | undefined;
  let recalled: Promise<void> | undefined;
  const rate = createRate();
  const counters = new Map<string, Counter>();
  const alerts: Pick<Alert, 'id' | 'time' | 'severity' | 'message'>[] = [];

  function enter(next: Phase, why?: unknown): void {
    phase = next;
    problem = why === undefined ? undefined : toProblem(why);
    deps.onChange();
  }

  function counter(channel: Channel): Counter {
    let found = counters.get(channelKey(channel));
    if (!found) {
      found = { channel, rate: createRate(), stored: 0, gaps: [] };
      counters.set(channelKey(channel), found);
    }
    return found;
  }

  /** What earlier runs recorded; asked for once. */
  const recallHistory = (): Promise<void> =>
    (recalled ??= readHistory().catch((error: unknown) => {
      recalled = undefined;
      throw error;
    }));

  async function readHistory(): Promise<void> {
    const coverage = (await store.coverage(id)).map((c) => c.coverage);
    gaps = createGapTracker(coverage);
    for (const mark of coverage) if (mark.state !== 'read') noteGap(mark);
    for (const seen of await store.activity()) {
      if (seen.connection !== id) continue;
      counter({
        system: seen.system as Channel['system'],
        cluster: seen.cluster,
        name: seen.channel,
        kind: seen.kind as Channel['kind'],
      }).stored += seen.events;
    }
    deps.onChange();
  }

  function noteGap(mark: SourceItem & { kind: 'coverage' }): void {
    const list = counter(mark.channel).gaps;
    list.push({ from: mark.from, to: mark.to, count: mark.count, reason: mark.reason ?? mark.state });
    if (list.length > gapsKept) list.shift();
  }

  function noteAlert({ id: ofAlert, time, severity, message }: Alert): void {
    const before = alerts.findIndex((a) => a.message === message || (a.id !== undefined && a.id === ofAlert));
    if (before >= 0) alerts.splice(before, 1);
    alerts.push({ id: ofAlert, time, severity, message });
    if (alerts.length > alertsKept) alerts.shift();
  }

  /** Counts, and adds the gaps that only the history tells. */
  function watch(items: readonly SourceItem[]): readonly SourceItem[] {
    const now = Date.now();
    const out: SourceItem[] = [];
    let messages = 0;
    for (const item of items) {
      if (item.kind === 'message') {
        messages++;
        counter(item.channel).rate.add(1, now);
        out.push(item);
      } else if (item.kind === 'coverage') {
        for (const mark of gaps?.see(item) ?? [item]) {
          if (mark.state !== 'read') noteGap(mark);
          out.push(mark);
        }
      } else if (item.kind === 'alert') {
        noteAlert(item);
      } else {
        out.push(item);
      }
    }
    if (messages > 0) rate.add(messages, now);
    return out;
  }

  /** What was published before a restart may be delivered, and so seen again, after it. */
  const mayRepeat = () => config().mayRepeat === true || !connector.description.capabilities.resumes;

  /** Undoes what is left over. What this user may not undo stays noted, and does not keep it from reading. */
  async function undo({ effect, done }: LeftOver, given: SourceConfig, signal: AbortSignal): Promise<void> {
    try {
      await connector.undo?.(given, effect, signal);
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.code !== 'authorization') throw error;
      noteAlert({ kind: 'alert', severity: 'warning', message: notUndone(effect, error), time: Date.now() });
      return;
    }
    await done();
  }

  async function readOnce(signal: AbortSignal): Promise<void> {
    const sourceConfig = await deps.sourceConfig();
    for (const left of deps.leftOver()) await undo(left, sourceConfig, signal);
    await recallHistory();
    source = await connector.open(sourceConfig, signal);
    try {
      // Else what is still on its way would be read, and stored, once more.
      await recorder.settle();
      const resume = await store.checkpoints(id);
      const { channels, from } = config();
      const known = gaps?.listened().map(({ channel }) => channel);
      for await (const items of source.read({ channels, from, resume, known, signal })) {
        // Only now: being let in does not mean that anything can be seen.
        if (phase !== 'live') enter('live');
        const watched = watch(items);
        if (watched.length > 0) await recorder.record(id, watched, { mayRepeat: mayRepeat() });
        deps.onChange();
      }
    } finally {
      const closing = source;
      source = undefined;
      await closing.close();
    }
  }

  async function loop(signal: AbortSignal): Promise<void> {
    let wait = backOffMs.first;
    enter('connecting');
    while (!signal.aborted) {
      try {
        await readOnce(signal);
        if (!signal.aborted) return enter('done');
      } catch (error) {
        if (signal.aborted) break;
        if (phase === 'live') wait = backOffMs.first;
        if (error instanceof ConnectionError && !error.retryable) return enter('failed', error);
        enter('reconnecting', error);
        await pause(wait, signal);
        wait = Math.min(wait * 2, backOffMs.most);
      }
    }
    enter('disconnected');
  }

  /** What passes now, while it is not connected, is lost on these channels. */
  function openGaps(): ReadonlyMap<string, { from: number; reason: string }> {
    if (phase === 'live' || phase === 'done') return new Map();
    const reason = 'not listening; what passes now cannot be read again';
    const away = gaps?.listened() ?? [];
    return new Map(away.map(({ channel, until }) => [channelKey(channel), { from: until, reason }]));
  }

  // Also a connection that stays disconnected shows what it has. Where that fails, connecting says why.
  recallHistory().catch(() => undefined);

  return {
    get source() {
      return source;
    },
    status: () => {
      const now = Date.now();
      const away = openGaps();
      return {
        phase,
        problem,
        active: [...counters.values()].map((c) => ({
          channel: c.channel,
          events: c.stored + c.rate.total,
          rate: c.rate.perSecond(now),
          gaps: [...c.gaps, ...optional(away.get(channelKey(c.channel)))],
        })),
        events: [...counters.values()].reduce((sum, c) => sum + c.stored + c.rate.total, 0),
        rate: rate.perSecond(now),
        alerts: alerts.map(({ time, severity, message }) => ({ time, severity, message })),
      };
    },
    start() {
      if (running) return;
      abort = new AbortController();
      running = loop(abort.signal).finally(() => {
        running = undefined;
      });
    },
    async stop() {
      abort?.abort();
      await running;
      if (phase !== 'disconnected') enter('disconnected');
    },
  };
}

/** That an effect is still there, why, and how to undo it. */
export function notUndone({ target, undoByHand }: SideEffect, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  const byHand = undoByHand === undefined ? '' : ` Undo it by hand: ${undoByHand}`;
  return `What Headwater changed is still on the broker (${target}): ${why}${byHand}`;
}

function toProblem(error: unknown): ConnectionProblem {
  if (error instanceof ConnectionError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault of Headwater. It tries again; please report it with the steps that led here.',
  };
}

const optional = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
