import { expect, test, vi } from 'vitest';
import type { Channel, RawMessage } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import { createFileReading } from './file-reading.ts';
import type { Recorder } from './recorder.ts';

const channel: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };
const message = { kind: 'message', channel, time: 1, clock: 'broker', observedAt: 1, headers: [] } as const;

/** Reads these items where the store keeps so many of the messages. */
async function read(items: readonly SourceItem[], stored: number) {
  const recorder = { record: () => Promise.resolve(), flush: () => Promise.resolve() };
  const activity = () => {
    const id = files.list()[0]?.id ?? '';
    const { system, cluster, name, kind } = channel;
    const seen = { system, cluster, channel: name, kind, first: 0, last: 0 };
    return Promise.resolve([
      { ...seen, connection: id, events: stored },
      { ...seen, connection: 'another', events: 9 },
    ]);
  };
  const files = createFileReading(
    () =>
      Promise.resolve({
        async *read() {
          yield items;
        },
        close: () => Promise.resolve(),
      }),
    recorder as unknown as Recorder,
    { activity },
    () => undefined,
  );
  files.add('shop.ndjson', '/tmp/shop.ndjson');
  return vi.waitUntil(() => files.list().find(({ phase }) => phase === 'done'));
}

test('counts what is stored: a line that comes twice is one event', async () => {
  const view = await read(
    Array.from({ length: 5 }, (): RawMessage => ({ ...message, body: '{}' })),
    4,
  );
  expect(view.events).toBe(4);
  expect(view.progress).toMatchObject({ read: 5 });
  expect(view.active).toMatchObject([{ channel: { name: 'orders' }, events: 4 }]);
});

test('an alert of a file is of when it was read', async () => {
  const began = Date.now();
  const bad = { kind: 'alert', severity: 'warning', message: 'line 3: not JSON; skipped', time: 0 } as const;
  const view = await read([{ ...message, body: '{}' }, bad], 1);
  expect(view.alerts).toMatchObject([{ message: bad.message }]);
  expect(view.alerts[0]?.time).toBeGreaterThanOrEqual(began);
});
