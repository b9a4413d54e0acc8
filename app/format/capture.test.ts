import { createWriteStream } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { Coverage, Delivery, Topology } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { Channel } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import { eventMessage } from './event-message.ts';
import { openFile } from './open-file.ts';
import { eventTable } from './message-rows.ts';
import { openParquet } from './parquet.ts';
import type { Row } from './parquet.ts';
import { openCapture } from './read-capture.ts';
import { writeCapture } from './write-capture.ts';
import type { Recording } from './write-capture.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const orders: Channel = { system: 'kafka', cluster: 'prod', name: 'orders', kind: 'topic' };

function event(seq: number, more: Partial<Event> = {}): Event {
  return {
    seq,
    id: `kafka/prod/orders/0/${seq}`,
    connection: 'c1',
    channel: orders,
    position: { partition: 0, offset: String(seq) },
    time: 1_772_000_000_000.25 + seq,
    clock: 'broker',
    observedAt: 1_772_000_000_100,
    headers: [],
    payload: { format: 'json', text: `{"orderId":${seq}}`, size: 13 },
    facts: { ids: [], causes: [], keys: [] },
    ...more,
  };
}

const odd: Event[] = [
  event(1),
  event(2, {
    id: 'm2',
    position: undefined,
    key: new Uint8Array([0, 255]),
    routingKey: 'a.b',
    headers: [
      ['x', 'a\0b <b>'],
      ['x', new Uint8Array([1, 2])],
      ['__proto__', '🐢'],
    ],
    properties: { message_id: 'p', nested: { deep: [1, null] } },
    notes: { node: 'rabbit@a' },
    payload: { format: 'binary', bytes: new Uint8Array([0, 200, 1]), size: 3 },
    facts: { type: 'T', producer: 'shop', ids: [], causes: [], keys: [] },
  }),
  event(3, { payload: { format: 'tombstone', size: 0 } }),
  event(4, { payload: { format: 'empty', size: 0 }, key: '' }),
  event(5, { payload: { format: 'json', text: '{}', size: 22, unwrapped: ['gzip'] } }),
];
const deliveries: Delivery[] = [
  {
    kind: 'delivery',
    subject: { event: 'm2' },
    consumer: 'billing',
    status: 'rejected',
    evidence: 'firehose',
    time: 0,
    via: 'billing.charges',
    count: 3,
  },
  {
    kind: 'delivery',
    subject: { channel: orders, partition: 0, fromOffset: '1', toOffset: '4' },
    consumer: 'shipping',
    status: 'acknowledged',
    evidence: 'offset-commit',
    after: 1,
    before: 2.5,
  },
];
const coverage: Coverage = {
  kind: 'coverage',
  channel: orders,
  state: 'gap',
  from: 1,
  to: 2,
  reason: 'away',
};
const topology: Topology = {
  kind: 'topology',
  observedAt: 5,
  channels: [orders],
  subscriptions: [{ kind: 'subscription', channel: orders, consumer: 'shipping', lag: 1 }],
  bindings: [],
};

function recording(events: Event[]): Recording {
  return {
    exportEventsAfter: async (after, limit) => events.filter((e) => e.seq > after).slice(0, limit),
    exportDeliveriesAfter: async (cursor) => ({
      rows: deliveries.slice(cursor, cursor + 1).map((delivery) => ({ connection: 'c1', delivery })),
      next: cursor + 1 < deliveries.length ? cursor + 1 : undefined,
    }),
    state: async () => ({
      nextSeq: events.length + 1,
      events: events.length,
      watermark: 0,
      bytes: 0,
      segments: 1,
      warnings: [],
    }),
    coverage: async () => [{ connection: 'c1', coverage }],
    linkEdits: async () => [],
    topologies: async () => new Map([['c1', topology]]),
    keyEdits: async () => [],
    listTraces: async () => ({
      rows: [
        {
          id: 't1',
          keys: [],
          start: 0,
          end: 1,
          events: 5,
          hops: 1,
          systems: ['kafka' as const],
          failed: true,
        },
      ],
      total: 1,
    }),
  };
}

async function write(name: string, events = odd): Promise<string> {
  const path = join(dir, name);
  await writeCapture(recording(events), path);
  return path;
}

async function items(path: string): Promise<SourceItem[]> {
  const all: SourceItem[] = [];
  for await (const batch of openFile(path)) all.push(...batch);
  return all;
}

/** Changes bytes of a stored entry and its checksums, as another program would that writes a good ZIP. */
async function replaceInManifest(path: string, from: string, to: string): Promise<void> {
  const bytes = await readFile(path);
  const start = bytes.indexOf('{"format"');
  const text = bytes.subarray(start, bytes.indexOf('}PK', start) + 1);
  const old = Buffer.alloc(4);
  old.writeUInt32LE(crc32(text));
  expect(from).toHaveLength(to.length);
  bytes.write(to, start + text.indexOf(from));
  const sum = crc32(text);
  for (let at = bytes.indexOf(old); at >= 0; at = bytes.indexOf(old, at + 4)) bytes.writeUInt32LE(sum, at);
  await writeFile(path, bytes);
}

describe('a capture', () => {
  test('gives back what was recorded, in order', async () => {
    const read = await items(await write('odd.hwcap'));
    expect(read).toEqual([topology, coverage, ...odd.map(eventMessage), ...deliveries]);
  });

  test('tells its summary before its data', async () => {
    const capture = await openCapture(await write('summary.hwcap'));
    expect(capture.manifest).toMatchObject({
      counts: { events: 5, deliveries: 2, traces: 1 },
      traces: [{ id: 't1', failed: true }],
      coverage: [{ coverage: { reason: 'away' } }],
    });
    await capture.close();
  });

  test('keeps order over several files of data, and leaves nothing beside itself', async () => {
    const many = Array.from({ length: 60_500 }, (_, i) => event(i + 1));
    const read = await items(await write('many.hwcap', many));
    const offsets = read.flatMap((i) => (i.kind === 'message' ? [Number(i.position?.offset)] : []));
    expect(offsets).toEqual(many.map((e) => e.seq));
    expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('that was cut off, changed or is something else says so, and what to do', async () => {
    const cut = await write('cut.hwcap');
    await truncate(cut, 3000);
    await expect(items(cut)).rejects.toThrow(
      /cut\.hwcap is not a whole capture file.*Ask for the file again/,
    );

    const changed = await write('changed.hwcap');
    const file = await open(changed, 'r+');
    await file.write(Buffer.from('XXXX'), 0, 4, (await readFile(changed)).indexOf('PAR1') + 40);
    await file.close();
    await expect(items(changed)).rejects.toThrow(
      /events-00001\.parquet in .*changed\.hwcap is damaged.*checksum/,
    );

    const foreign = await write('foreign.hwcap');
    await replaceInManifest(foreign, 'headwater-capture', 'tailwater-capture');
    await expect(items(foreign)).rejects.toThrow(/foreign\.hwcap is a ZIP file, but not a Headwater capture/);

    await expect(items(join(dir, 'nowhere.hwcap'))).rejects.toThrow(/no such file.*nowhere\.hwcap/);
  });

  test('that would unpack to more than memory holds is refused before it does', async () => {
    const part = join(dir, 'bomb.parquet');
    const parquet = await openParquet();
    await parquet.run(
      `copy (select repeat('x', 1000000) as payload_text from range(2000)) to '${part}' (format parquet, compression zstd)`,
    );
    parquet.close();
    expect((await stat(part)).size).toBeLessThan(10_000_000);
    const bomb = async (rows: number): Promise<string> => {
      const path = join(dir, `bomb-${rows}.hwcap`);
      const zip = new ZipFile();
      const manifest = {
        format: 'headwater-capture',
        version: 1,
        created: '',
        counts: { events: rows, deliveries: 0, traces: 0 },
        files: [{ name: 'bomb.parquet', table: 'events', rows }],
        coverage: [],
        topologies: [],
        traces: [],
      };
      zip.addBuffer(Buffer.from(JSON.stringify(manifest)), 'manifest.json', { compress: false });
      zip.addFile(part, 'bomb.parquet', { compress: false });
      zip.end();
      await pipeline(zip.outputStream, createWriteStream(path));
      return path;
    };
    await expect(items(await bomb(2_000))).rejects.toThrow(/unpacks to far more than captures hold/);
    await expect(items(await bomb(1_000_000))).rejects.toThrow(/promises 1000000 rows/);
  });

  test('of an earlier build, which lacks a column, is read', async () => {
    const path = join(dir, 'earlier.parquet');
    const parquet = await openParquet();
    await parquet.run(`copy (select 'm1' as id, 1.5::double as time) to '${path}' (format parquet)`);
    const rows: Row[] = [];
    for await (const page of parquet.read(eventTable, path, 1e6)) rows.push(...page);
    parquet.close();
    expect(rows[0]?.slice(0, 2)).toEqual(['m1', null]);
    expect(rows[0]).toHaveLength(eventTable.columns.length);
  });

  test('of a newer version is refused with a word on what to do', async () => {
    const newer = await write('newer.hwcap');
    await replaceInManifest(newer, '"version":1', '"version":9');
    await expect(items(newer)).rejects.toThrow(/newer Headwater \(capture version 9.*Update Headwater/);
  });
});
