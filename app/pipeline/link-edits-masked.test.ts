import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFile } from '../format/open-file.ts';
import { writeCapture } from '../format/write-capture.ts';
import type { LinkEdit } from '../model/link-edit.ts';
import type { RawMessage } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import { openTraceStore } from '../store/open.ts';
import { captureMask } from './capture-mask.ts';
import { createRecorder } from './recorder.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const message = (id: string, email: string): RawMessage => ({
  ...{ kind: 'message', id, clock: 'observer', observedAt: 1, time: 1, headers: [] },
  channel: { system: 'rabbitmq', cluster: 'c', name: 'mails', kind: 'exchange' },
  body: JSON.stringify({ email, text: id }),
});
const edit = (from: string, to: string, action: LinkEdit['action']): LinkEdit => ({
  ...{ kind: 'link-edit', from, to, action, at: 5 },
});

test('in a masked capture links are named as their events are, and none tells a name that was masked or is not there', async () => {
  const store = await openTraceStore({ dir: join(dir, 'store') });
  const path = join(dir, 'masked.hwcap');
  try {
    const recorder = await createRecorder({ store, onError: () => undefined });
    await recorder.record('c1', [
      message('mail-ada@example.org', 'ada@example.org'),
      message('plain-1', 'bob@example.org'),
      edit('mail-ada@example.org', 'plain-1', 'add'),
      edit('plain-1', 'mail-gone@example.org', 'cut'),
      edit('plain-1', 'mail-ada@example.org', 'undo'),
    ]);
    await recorder.flush();
    await recorder.close();
    await writeCapture(store, path, { mask: captureMask({ fields: ['email'], headers: [] }) });
  } finally {
    await store.close();
  }
  const items: SourceItem[] = [];
  for await (const batch of openFile(path)) items.push(...batch);
  const names = items.flatMap((item) => (item.kind === 'message' ? [item.id] : []));
  const edits = items.filter((item) => item.kind === 'link-edit');
  expect(names).toHaveLength(2);
  expect(edits).toEqual([edit(names[0]!, 'plain-1', 'add')]);
  expect(JSON.stringify(items)).not.toContain('@example.org');
});
