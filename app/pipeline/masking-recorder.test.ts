import { expect, test } from 'vitest';
import type { SourceItem } from '../model/source.ts';
import { createMaskingRecorder } from './masking-recorder.ts';
import type { Recorder } from './recorder.ts';

const message: SourceItem = {
  kind: 'message',
  channel: { system: 'kafka', cluster: 'c', name: 'orders', kind: 'topic' },
  time: 1,
  clock: 'broker',
  observedAt: 1,
  headers: [['Authorization', 'Bearer t0ken']],
  body: '{"email":"ann@example.com"}',
};

function setUp() {
  const written: SourceItem[] = [];
  const recorder = createMaskingRecorder({
    record: async (_connection: string, items: readonly SourceItem[]) => void written.push(...items),
  } as unknown as Recorder);
  return { recorder, written: () => JSON.stringify(written) };
}

test('masks what its connection wants masked, and nothing of another', async () => {
  const { recorder, written } = setUp();
  recorder.mask('c1', { fields: ['email'], headers: ['authorization'] });
  await recorder.record('c1', [message]);
  expect(written()).not.toMatch(/ann@|t0ken/);
  await recorder.record('c2', [message]);
  expect(written()).toMatch(/ann@/);
});

test('a path that is none is refused in words; where it was spoilt on disk, nothing is recorded at all', async () => {
  const { recorder, written } = setUp();
  expect(() => recorder.mask('c1', { fields: ['a..b'], headers: [] })).toThrow(/"a\.\.b" names no field/);
  recorder.refuse('c1', new Error('spoilt'));
  await expect(recorder.record('c1', [message])).rejects.toThrow('spoilt');
  expect(written()).toBe('[]');
  recorder.mask('c1', undefined);
  await recorder.record('c1', [message]);
  expect(written()).toMatch(/ann@/);
});
