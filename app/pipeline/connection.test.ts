import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Channel, RawMessage } from '../model/message.ts';
import {
  ConnectionError,
  type Checkpoint,
  type Connector,
  type ReadRequest,
  type SourceItem,
} from '../model/source.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { createConnection, type Connection, type ConnectionConfig } from './connection.ts';
import type { Recorder } from './recorder.ts';

const channel: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };
const message = (offset: number): RawMessage => ({
  kind: 'message',
  channel,
  position: { partition: 0, offset: String(offset) },
  time: offset,
  clock: 'broker',
  observedAt: offset,
  headers: [],
  body: '{}',
});
const checkpoint = (next: number): Checkpoint => ({
  kind: 'checkpoint',
  channel,
  partition: 0,
  next: String(next),
});

/** A connector whose reads are a script: what each attempt yields before it throws or waits for the end. */
function scripted(attempts: ((request: ReadRequest) => AsyncIterable<readonly SourceItem[]>)[]) {
  const log: string[] = [];
  let attempt = 0;
  const connector: Connector = {
    description: {
      system: 'kafka',
      title: 'Scripted',
      protocols: ['kafka'],
      example: '',
      capabilities: { resumes: true, looksBack: false, history: true },
      options: z.object({}),
    },
    open() {
      log.push('open');
      const script = attempts[Math.min(attempt++, attempts.length - 1)];
      return Promise.resolve({
        discover: () => Promise.resolve([]),
        sideEffects: () => Promise.resolve([]),
        read: (request: ReadRequest) => {
          if (!script) throw new Error('no script');
          return script(request);
        },
        close() {
          log.push('close');
          return Promise.resolve();
        },
      });
    },
    undo(_config, effect) {
      log.push(`undo ${effect.target}`);
      return Promise.resolve();
    },
  };
  return { connector, log };
}

async function* untilStopped(signal: AbortSignal): AsyncIterable<readonly SourceItem[]> {
  yield [];
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
}

let open: Connection | undefined;
afterEach(async () => {
  await open?.stop();
});

function connect(connector: Connector, leftOver: string[] = []) {
  const accepted: Checkpoint[] = [];
  const stored: Checkpoint[] = [];
  const recorded: string[] = [];
  const store = {
    checkpoints: () => Promise.resolve([...stored]),
    coverage: () => Promise.resolve([]),
    activity: () => Promise.resolve([]),
  } as unknown as TraceStore;
  const recorder = {
    record(_connection: string, items: readonly SourceItem[]) {
      for (const item of items) {
        if (item.kind === 'message') recorded.push(item.position?.offset ?? '');
        if (item.kind === 'checkpoint') accepted.push(item);
      }
      return Promise.resolve();
    },
    // What was accepted is stored some time later: who resumes before that would read it once more.
    settle() {
      stored.push(...accepted.splice(0));
      return Promise.resolve();
    },
  } as unknown as Recorder;
  const config: ConnectionConfig = {
    id: 'c',
    name: 'c',
    url: 'kafka://h',
    cluster: 'default',
    channels: 'all',
    from: 'earliest',
    wanted: true,
  };
  const connection = createConnection(() => config, {
    connector,
    store,
    recorder,
    sourceConfig: () =>
      Promise.resolve({
        connection: 'c',
        url: config.url,
        cluster: 'default',
        now: Date.now,
        journal: { record: () => Promise.resolve(), done: () => Promise.resolve() },
      }),
    leftOver: () =>
      leftOver.splice(0).map((target) => ({ type: 'scripted', target, description: 'left by a crash' })),
    onChange: () => undefined,
  });
  open = connection;
  connection.start();
  return { connection, recorded };
}

describe('connection', () => {
  it('comes back after a loss and goes on where the store is', async () => {
    const resumes: string[] = [];
    const { connector } = scripted([
      async function* () {
        yield [message(0), message(1), checkpoint(2)];
        await sleep(0);
        throw new ConnectionError('lost', 'The broker went away.', 'It comes back by itself.');
      },
      async function* ({ resume, signal }) {
        resumes.push(...resume.map((r) => r.next));
        yield [message(2), checkpoint(3)];
        yield* untilStopped(signal);
      },
    ]);
    const { connection, recorded } = connect(connector);
    await vi.waitFor(() => {
      expect(recorded).toEqual(['0', '1', '2']);
    }, 5_000);
    expect(resumes).toContain('2');
    expect(connection.status()).toMatchObject({ phase: 'live', events: 3 });
    await connection.stop();
    expect(connection.status().phase).toBe('disconnected');
  });

  it('says why it is not live, and does not try again what cannot help', async () => {
    const { connector, log } = scripted([
      // eslint-disable-next-line require-yield
      async function* () {
        await sleep(0);
        throw new ConnectionError('authentication', 'The broker refused user shop.', 'Check the password.');
      },
    ]);
    const { connection } = connect(connector);
    await vi.waitFor(() => {
      expect(connection.status()).toMatchObject({
        phase: 'failed',
        problem: {
          code: 'authentication',
          message: 'The broker refused user shop.',
          remedy: 'Check the password.',
        },
      });
    });
    expect(log).toEqual(['open', 'close']);
  });

  it('removes what a crash left behind before it reads', async () => {
    const { connector, log } = scripted([({ signal }) => untilStopped(signal)]);
    const { connection } = connect(connector, ['tracing']);
    await vi.waitFor(() => {
      expect(connection.status().phase).toBe('live');
    });
    expect(log).toEqual(['undo tracing', 'open']);
    await connection.stop();
    expect(log).toEqual(['undo tracing', 'open', 'close']);
  });
});
