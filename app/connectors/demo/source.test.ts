import { afterEach, describe, expect, it } from 'vitest';
import type { Checkpoint, ReadRequest, SourceItem } from '../../model/source.ts';
import { demoConnector } from './index.ts';

const time = Date.parse('2026-03-01T10:00:00Z');
const open: AbortController[] = [];
afterEach(() => open.splice(0).forEach((stop) => stop.abort()));

/** Reads until the source has nothing more to tell at this moment of its clock. */
async function readAll(url: string, clock: () => number, request: Partial<ReadRequest> = {}) {
  const journal = { record: () => Promise.resolve(), done: () => Promise.resolve() };
  const stop = new AbortController();
  open.push(stop);
  const source = await demoConnector.open(
    { connection: 'demo', url, cluster: 'default', now: clock, journal },
    stop.signal,
  );
  const found: SourceItem[] = [];
  let last: Checkpoint | undefined;
  for await (const items of source.read({
    channels: 'all',
    from: 'earliest',
    resume: [],
    signal: stop.signal,
    ...request,
  })) {
    found.push(...items.filter((item) => item.kind !== 'checkpoint'));
    last = items.findLast((item) => item.kind === 'checkpoint') ?? last;
    if (last && (JSON.parse(last.next) as { played: number }).played >= clock()) break;
  }
  const messages = found.filter((item) => item.kind === 'message');
  return { found, messages, checkpoint: last };
}

describe('the demo', () => {
  it('is the same whenever its clock shows the same', async () => {
    const [one, other] = [await readAll('demo://', () => time), await readAll('demo://', () => time)];
    expect(one.messages.length).toBeGreaterThan(3_800);
    expect(JSON.stringify(one.found)).toBe(JSON.stringify(other.found));
  });

  it('can be told what moment it is', async () => {
    const url = 'demo://?at=2026-03-01T10:00:00Z&rate=0';
    const { messages } = await readAll(url, () => time);
    const stopped = await readAll('demo://?rate=0', () => time);
    expect(messages.at(-1)?.time).toBe(stopped.messages.at(-1)?.time);
  });

  it('goes on where it was stored, with nothing twice', async () => {
    const first = await readAll('demo://', () => time);
    const second = await readAll('demo://', () => time + 40_000, {
      resume: first.checkpoint ? [first.checkpoint] : [],
    });
    const name = (m: SourceItem) =>
      m.kind === 'message' ? JSON.stringify([m.id, m.channel.name, m.position]) : '';
    const names = [...first.messages, ...second.messages].map(name);
    expect(new Set(names).size).toBe(names.length);
    expect(second.messages.every((m) => m.time > time)).toBe(true);
    expect(second.messages.length).toBeGreaterThan(500);
  });

  it('tells nothing of the past to who asks for the latest, and only the channels that were chosen', async () => {
    // It is opened and asked at one moment, and plays half a minute from then on.
    let asked = 0;
    const clock = () => (asked++ < 2 ? time : time + 30_000);
    const { messages, found } = await readAll('demo://', clock, { from: 'latest', channels: ['orders'] });
    expect(messages.length).toBeGreaterThan(50);
    expect(messages.every((m) => m.time >= time && m.channel.name === 'orders')).toBe(true);
    expect(found.some((item) => item.kind === 'topology')).toBe(true);
  });

  it('lists its channels, changes nothing anywhere, and ends at once', async () => {
    const stop = new AbortController();
    const journal = { record: () => Promise.resolve(), done: () => Promise.resolve() };
    const source = await demoConnector.open(
      { connection: 'demo', url: 'demo://', cluster: 'default', now: () => time, journal },
      stop.signal,
    );
    const channels = (await source.discover(stop.signal)).map(
      ({ channel }) => `${channel.system} ${channel.name}`,
    );
    expect(channels).toContain('redis shipments');
    expect(await source.sideEffects('all')).toEqual([]);
    stop.abort();
    const rest: SourceItem[] = [];
    for await (const items of source.read({
      channels: 'all',
      from: 'earliest',
      resume: [],
      signal: stop.signal,
    })) {
      rest.push(...items);
    }
    expect(rest.filter((item) => item.kind === 'message')).toEqual([]);
  });

  it('is one connection for one seed', () => {
    expect(demoConnector.identify?.('demo://?seed=1')).toBe(demoConnector.identify?.('demo://?rate=3'));
    expect(demoConnector.identify?.('demo://?seed=2')).not.toBe(demoConnector.identify?.('demo://'));
  });
});
