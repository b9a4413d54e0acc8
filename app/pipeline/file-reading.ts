import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CaptureSummary } from '../model/capture.ts';
import type { Coverage } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import type { TraceSummary } from '../model/trace.ts';
import type { ChannelState, ConnectionProblem, ConnectionView } from './connection.ts';
import type { ChannelActivity, TraceStore } from '../store/trace-store.ts';
import type { Recorder } from './recorder.ts';

/** A file of events. Opening and reading throw with a sentence when it is damaged or something else. */
export interface EventFile {
  /** Of a capture: what it says of itself. */
  readonly summary?: CaptureSummary;
  /** Of a capture: its traces as they were when it was written, the newest of them. */
  readonly traces?: readonly TraceSummary[];
  /** Its events in batches; a bad line is an alert. */
  read(signal: AbortSignal): AsyncIterable<readonly SourceItem[]>;
  close(): Promise<void>;
}

export type FileOpener = (path: string) => Promise<EventFile>;

/** Files opened beside the brokers: each is a connection that ends. */
export interface FileReading {
  /** @param isCopy the file was sent here to be read: it is removed once it was. */
  add(name: string, path: string, isCopy?: boolean): string;
  list(): readonly ConnectionView[];
  /** Resolves when reading has ended, with what went wrong, if something did. */
  ended(id: string): Promise<ConnectionProblem | undefined>;
  /** What a capture that is being read says of its traces; nothing once they are in the store. */
  announced(id: string): readonly TraceSummary[];
  /** Stops reading; forgets the file when told. False when there is no such file. */
  remove(id: string, forget: boolean): boolean;
  close(): Promise<void>;
}

const alertsKept = 20;
const gapsKept = 50;

export function createFileReading(
  open: FileOpener,
  recorder: Recorder,
  store: Pick<TraceStore, 'activity'>,
  onChange: () => void,
): FileReading {
  type Reading = {
    view: ConnectionView;
    traces: readonly TraceSummary[];
    readonly abort: AbortController;
    done: Promise<void>;
  };
  const readings = new Map<string, Reading>();

  async function read(reading: Reading, path: string): Promise<void> {
    const { signal } = reading.abort;
    const set = (change: Partial<ConnectionView>) => {
      reading.view = { ...reading.view, ...change };
      onChange();
    };
    try {
      const file = await open(path);
      const { summary } = file;
      reading.traces = file.traces ?? [];
      const channels = createChannels();
      let good = 0;
      let bad = 0;
      try {
        // Known at once, before any event of it is.
        set({ capture: summary, progress: { read: 0, total: summary?.events } });
        for await (const items of file.read(signal)) {
          if (signal.aborted) break;
          await recorder.record(reading.view.id, items, { mayRepeat: true });
          const time = Date.now();
          const alerts = items.flatMap((i) =>
            i.kind === 'alert' ? [{ ...i, time, message: withName(i.message, path, reading.view.name) }] : [],
          );
          channels.see(items);
          bad += alerts.length;
          good += items.length - alerts.length;
          const events = channels.events();
          set({
            phase: 'live',
            events,
            progress: { read: events, total: summary?.events },
            active: channels.list(),
            alerts: [...reading.view.alerts, ...alerts].slice(-alertsKept),
          });
        }
      } finally {
        await file.close();
      }
      await recorder.flush();
      if (good === 0 && !summary)
        throw new Error(bad > 0 ? `${path} holds nothing that can be read.` : `${path} is empty.`);
      // What comes twice, or was there before, is one event.
      const stored = await store.activity();
      const active = channels.list(stored.filter(({ connection }) => connection === reading.view.id));
      set({
        phase: signal.aborted ? 'disconnected' : 'done',
        active,
        events: active.reduce((sum, { events }) => sum + events, 0),
      });
    } catch (error) {
      if (signal.aborted) set({ phase: 'disconnected', progress: undefined });
      else set({ phase: 'failed', progress: undefined, problem: problemOf(error, path, reading.view) });
    } finally {
      reading.traces = [];
    }
  }

  return {
    add(name, path, isCopy = false) {
      const id = `file-${randomUUID()}`;
      const view: ConnectionView = {
        id,
        name,
        system: 'file',
        url: `file:${name}`,
        phase: 'connecting',
        channels: 'all',
        from: 'earliest',
        active: [],
        events: 0,
        rate: 0,
        alerts: [],
        sideEffects: [],
        needsSecret: false,
      };
      const reading: Reading = { view, traces: [], abort: new AbortController(), done: Promise.resolve() };
      readings.set(id, reading);
      reading.done = read(reading, path);
      // What cannot be removed now is removed with its folder when the engine ends.
      if (isCopy) void reading.done.then(() => rm(path, { force: true })).catch(() => undefined);
      onChange();
      return id;
    },
    list: () => [...readings.values()].map((r) => r.view),
    async ended(id) {
      const reading = readings.get(id);
      await reading?.done;
      return reading?.view.problem;
    },
    announced: (id) => readings.get(id)?.traces ?? [],
    remove(id, forget) {
      const reading = readings.get(id);
      if (!reading) return false;
      reading.abort.abort();
      if (forget) readings.delete(id);
      onChange();
      return true;
    },
    async close() {
      for (const r of readings.values()) r.abort.abort();
      await Promise.all([...readings.values()].map((r) => r.done));
    },
  };
}

/** Where the file lies is nobody's business: an upload lies under a name of ours. */
function withName(message: string, path: string, name: string): string {
  return message.replaceAll(path, name).replaceAll(basename(path), name);
}

function problemOf(
  error: unknown,
  path: string,
  { name, events }: ConnectionView,
): ConnectionView['problem'] {
  const message = withName(error instanceof Error ? error.message : String(error), path, name);
  const kept = events === 0 ? '' : ` The ${events.toLocaleString('en')} events read before are kept.`;
  return {
    code: 'file',
    message,
    remedy: `Open a .hwcap capture or a file of message lines (.ndjson).${kept}`,
  };
}

function storedOf(activity: readonly ChannelActivity[], channel: Channel): number {
  return activity
    .filter(
      (a) =>
        a.system === channel.system &&
        a.cluster === channel.cluster &&
        a.kind === channel.kind &&
        a.channel === channel.name,
    )
    .reduce((sum, { events }) => sum + events, 0);
}

/** What of each channel is in a file, and what the file says is missing: coverage of the capture, not of the present. */
function createChannels() {
  type Counted = { channel: Channel; events: number; gaps: ChannelState['gaps'][number][] };
  const channels = new Map<string, Counted>();
  const of = (channel: Channel): Counted => {
    const key = `${channel.system}/${channel.cluster}/${channel.kind}/${channel.name}`;
    const found = channels.get(key) ?? { channel, events: 0, gaps: [] };
    channels.set(key, found);
    return found;
  };
  const gapOf = ({ from, to, count, reason, state }: Coverage) => ({
    from,
    to,
    count,
    reason: reason ?? state,
  });
  return {
    see(items: readonly SourceItem[]): void {
      for (const item of items) {
        if (item.kind === 'message') of(item.channel).events++;
        else if (item.kind === 'coverage') {
          const { gaps } = of(item.channel);
          if (item.state !== 'read' && gaps.length < gapsKept) gaps.push(gapOf(item));
        }
      }
    },
    events: () => [...channels.values()].reduce((sum, { events }) => sum + events, 0),
    /** With what was read of each, or with what is stored of it. */
    list: (stored?: readonly ChannelActivity[]): ChannelState[] =>
      [...channels.values()].map(({ channel, events, gaps }) => ({
        channel,
        events: stored ? storedOf(stored, channel) : events,
        rate: 0,
        gaps: [...gaps],
      })),
  };
}
