import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineState } from '../../app/contract/desktop.ts';
import { superviseEngine, type EngineProcess } from './engine-process.ts';
import { createShellRouter } from './shell-router.ts';
import { electronDouble, removeDoubles } from './test-support/electron-double.ts';
import { channel, EngineDouble, refusal, type EnginePlan } from './test-support/processes.ts';

afterEach(removeDoubles);

const never = () => new Promise<void>(() => undefined);
let supervised: EngineProcess | undefined;

function supervise(plans: readonly EnginePlan[] = [], times = {}) {
  const engines: EngineDouble[] = [];
  const forkedAt: number[] = [];
  const states: EngineState[] = [];
  const log: string[] = [];
  supervised = superviseEngine({
    fork() {
      const engine = new EngineDouble(plans[Math.min(engines.length, plans.length - 1)]);
      engines.push(engine);
      forkedAt.push(performance.now());
      return engine;
    },
    channel,
    router: createShellRouter(electronDouble().electron, 'linux', (line) => log.push(line)),
    onState: (state) => states.push(state),
    log: (line) => log.push(line),
    times: { shortestPause: 5, longestPause: 40, well: 60_000, stop: 5_000, ...times },
  });
  const engine = supervised;
  const until = (phase: EngineState['phase'], starts: number) =>
    vi.waitFor(() => {
      expect(engine.state().phase).toBe(phase);
      expect(engines).toHaveLength(starts);
    });
  return { engine, engines, forkedAt, states, log, until };
}

afterEach(() => supervised?.stop());

describe('the engine’s process', () => {
  it('runs once the engine says so', async () => {
    const { until, states } = supervise();
    await until('running', 1);
    expect(states).toEqual([{ phase: 'running' }]);
  });

  it('is started again when it dies, and the page is told', async () => {
    const { engines, until, states } = supervise();
    await until('running', 1);
    engines[0]?.end(9);
    await until('running', 2);
    expect(states.map(({ phase }) => phase)).toEqual(['running', 'restarting', 'running']);
    expect(states[1]?.message).toContain('exit code 9');
  });

  it('is started with growing pauses while it keeps dying', async () => {
    const { engines, until, log } = supervise();
    for (let starts = 1; starts <= 5; starts++) {
      await until('running', starts);
      engines.at(-1)?.end(1);
    }
    await until('running', 6);
    const pauses = log.map((line) => Number(/again in ([\d.]+) s/.exec(line)?.[1]));
    expect(pauses).toEqual([0.005, 0.01, 0.02, 0.04, 0.04]);
  });

  it('begins with the shortest pause again after it has been well', async () => {
    const { engines, until, log } = supervise([], { well: 0 });
    for (let starts = 1; starts <= 3; starts++) {
      await until('running', starts);
      engines.at(-1)?.end(1);
    }
    await until('running', 4);
    expect(log.every((line) => line.includes('in 0.005 s'))).toBe(true);
  });

  it('says why it could not start, and tries again', async () => {
    let locked = true;
    const { until, states, engines } = supervise([
      {
        start() {
          if (locked) throw refusal('The store is open in process 12.');
        },
      },
    ]);
    await vi.waitFor(() => {
      expect(states.at(-1)).toEqual({ phase: 'restarting', message: 'The store is open in process 12.' });
    });
    locked = false;
    await vi.waitFor(() => expect(states.at(-1)?.phase).toBe('running'));
    await until('running', engines.length);
  });

  it('hands a new port to each page that asks, and waits with it until the engine runs', async () => {
    let begin = () => undefined as void;
    const started = new Promise<void>((resolve) => (begin = resolve));
    const { engine, engines, until } = supervise([{ start: () => started }, {}]);
    const first = engine.connectPage();
    begin();
    await until('running', 1);
    const ports = [await first, await engine.connectPage()];
    expect(new Set(ports).size).toBe(2);
    expect(engines[0]?.pages).toHaveLength(2);
  });

  it('carries what page and engine say over that port', async () => {
    const { engine, engines } = supervise();
    const port = await engine.connectPage();
    const heard = new Promise((resolve) => port.on('message', ({ data }) => resolve(data)));
    port.start();
    engines[0]?.pages[0]?.postMessage('from the engine');
    expect(await heard).toBe('from the engine');
  });

  it('opens files, those too that were asked for while it was away', async () => {
    let begin = () => undefined as void;
    const startedAgain = new Promise<void>((resolve) => (begin = resolve));
    const { engine, engines, until } = supervise([{}, { start: () => startedAgain }]);
    await until('running', 1);
    engines[0]?.end(1);
    await until('restarting', 2);
    const opened = engine.openFile('/a.hwcap');
    begin();
    expect(await opened).toEqual({ id: 'file-1' });
    expect(engines[1]?.opened).toEqual(['/a.hwcap']);
    expect(await engine.openFile('/missing.hwcap')).toMatchObject({
      problem: { message: 'There is no file /missing.hwcap.' },
    });
  });

  it('is asked to stop, then ended; nothing is started afterwards', async () => {
    const { engine, engines, until } = supervise();
    await until('running', 1);
    await Promise.all([engine.stop(), engine.stop()]);
    expect(engines).toHaveLength(1);
    expect(engines[0]).toMatchObject({ stopped: true, killed: true });
    expect(engine.state().phase).toBe('running');
  });

  it('is ended when it hangs at the end, and the log says what follows', async () => {
    const { engine, engines, until, log } = supervise([{ stop: never }], { stop: 20 });
    await until('running', 1);
    await engine.stop();
    expect(engines[0]).toMatchObject({ stopped: false, killed: true });
    expect(log.at(-1)).toContain('undone at the next start');
  });

  it('can be ended while it starts, and while it waits to be started again', async () => {
    const starting = supervise([{ start: never }]);
    await starting.engine.stop();
    expect(starting.engines[0]?.killed).toBe(true);
    const waiting = supervise([{}], { shortestPause: 60_000 });
    await waiting.until('running', 1);
    waiting.engines[0]?.end(1);
    await waiting.until('restarting', 1);
    await waiting.engine.stop();
    expect(waiting.engines).toHaveLength(1);
  });
});
