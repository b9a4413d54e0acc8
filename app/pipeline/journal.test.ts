import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-journal-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const effect = { type: 'rabbitmq.tracing', target: '/', description: 'tracing is on' };

describe('journal of side effects', () => {
  it('remembers over a crash what was not undone', async () => {
    const path = join(dir, 'effects.json');
    const first = await openJournal(path);
    await first.for('c1').record(effect);
    await first.for('c2').record({ ...effect, target: 'other' });
    await first.for('c2').done({ ...effect, target: 'other' });
    const second = await openJournal(path);
    expect(second.entries).toEqual([{ connection: 'c1', effect }]);
    await second.for('c1').done(effect);
    expect((await openJournal(path)).entries).toEqual([]);
  });

  it('remembers on which broker it was, for when its connection is removed', async () => {
    const path = join(dir, 'effects.json');
    await (await openJournal(path)).for('c1', 'amqp://h/').record(effect);
    expect((await openJournal(path)).entries).toEqual([{ connection: 'c1', broker: 'amqp://h/', effect }]);
  });

  it('sets aside what it cannot read, and goes on', async () => {
    const path = join(dir, 'effects.json');
    await writeFile(path, '{ broken');
    expect((await openJournal(path)).entries).toEqual([]);
    expect(await readFile(`${path}.unreadable`, 'utf8')).toBe('{ broken');
  });
});
