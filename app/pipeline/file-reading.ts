import { randomUUID } from 'node:crypto';
import type { SourceItem } from '../model/source.ts';
import type { ConnectionView } from './connection.ts';
import type { Recorder } from './recorder.ts';

/** Yields what a file of messages holds, in batches; a bad line is an alert. Throws when it cannot be read at all. */
export type FileReader = (path: string, signal: AbortSignal) => AsyncIterable<readonly SourceItem[]>;

/** Files opened beside the brokers: each is a connection that ends. */
export interface FileReading {
  add(name: string, path: string): string;
  list(): readonly ConnectionView[];
  /** Stops reading; forgets the file when told. False when there is no such file. */
  remove(id: string, forget: boolean): boolean;
  close(): Promise<void>;
}

const alertsKept = 20;

export function createFileReading(open: FileReader, recorder: Recorder, onChange: () => void): FileReading {
  type Reading = { view: ConnectionView; abort: AbortController; done: Promise<void> };
  const readings = new Map<string, Reading>();

  async function read(reading: Reading, path: string): Promise<void> {
    const { signal } = reading.abort;
    const set = (change: Partial<ConnectionView>) => {
      reading.view = { ...reading.view, ...change };
      onChange();
    };
    try {
      for await (const items of open(path, signal)) {
        if (signal.aborted) break;
        await recorder.record(reading.view.id, items, { mayRepeat: true });
        const bad = items.filter((i) => i.kind === 'alert');
        set({
          phase: 'live',
          events: reading.view.events + items.filter((i) => i.kind === 'message').length,
          alerts: [...reading.view.alerts, ...bad].slice(-alertsKept),
        });
      }
      await recorder.flush();
      set({ phase: signal.aborted ? 'disconnected' : 'done' });
    } catch (error) {
      set({
        phase: 'failed',
        problem: {
          code: 'file',
          message: error instanceof Error ? error.message : String(error),
          remedy: 'Open a .hwcap capture or a file of message lines (.ndjson).',
        },
      });
    }
  }

  return {
    add(name, path) {
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
      const reading: Reading = { view, abort: new AbortController(), done: Promise.resolve() };
      readings.set(id, reading);
      reading.done = read(reading, path);
      onChange();
      return id;
    },
    list: () => [...readings.values()].map((r) => r.view),
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
