import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel, RawMessage } from '../../model/message.ts';
import { fetched, writeBatch, writeMarker, xerialSnappy, type RecordToWrite } from './batch.fixture.ts';
import { PartitionDecoder, type Unreadable } from './decode-partition.ts';
import type { FetchedPartition } from './fetch-response.ts';
import { scanBatches } from './record-batch.ts';

const channel: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };

function decode(data: FetchedPartition, from = 0, limit = Infinity) {
  const messages: RawMessage[] = [];
  const unreadable: Unreadable[] = [];
  const decoder = new PartitionDecoder(data, channel, from, 5_000);
  const sink = {
    message: (m: RawMessage) => messages.push(m),
    unreadable: (u: Unreadable) => unreadable.push(u),
  };
  while (decoder.read(limit, sink));
  return { messages, unreadable, next: decoder.next };
}

const offsets = (messages: readonly RawMessage[]): number[] =>
  messages.map((m) => Number(m.position?.offset));
const text = (value: string): RecordToWrite => ({ value: Buffer.from(value) });
const many = (count: number): RecordToWrite[] => Array.from({ length: count }, (_, i) => text(`v${i}`));

describe('a record', () => {
  it('keeps key, duplicate headers in order, and tells a tombstone from an empty body', () => {
    const headers = [
      ['b', Buffer.from('1')],
      ['a', Buffer.from([0xff, 0xfe])],
      ['b', Buffer.from('zwei €')],
      ['__proto__', Buffer.from('x')],
      ['7', null],
    ] as const;
    const { messages } = decode(
      fetched([
        writeBatch([
          { key: Buffer.from('k1'), value: null, headers },
          { key: Buffer.from([0xc3, 0x28]), value: Buffer.alloc(0) },
          { key: null, value: Buffer.from('x') },
        ]),
      ]),
    );
    expect(messages[0]).toMatchObject({ key: 'k1', body: null, position: { partition: 3, offset: '0' } });
    expect(messages[0]?.headers).toEqual([
      ['b', '1'],
      ['a', Buffer.from([0xff, 0xfe])],
      ['b', 'zwei €'],
      ['__proto__', 'x'],
      ['7', ''],
    ]);
    expect(messages[1]?.key).toEqual(Buffer.from([0xc3, 0x28]));
    expect(messages[1]?.body).toHaveLength(0);
    expect(messages[2]?.key).toBeUndefined();
  });

  it('has the producer’s time, or the broker’s where the topic says so, or ours where there is none', () => {
    const { messages } = decode(
      fetched([
        writeBatch([{ ...text('a'), time: 7 }], { firstTimestamp: 1_700_000_000_000 }),
        writeBatch([{ ...text('b'), time: 7 }], { base: 1, logAppendTime: 1_700_000_000_500 }),
        writeBatch([text('c')], { base: 2, firstTimestamp: -1 }),
      ]),
    );
    expect(messages.map(({ time, clock }) => [time, clock])).toEqual([
      [1_700_000_000_007, 'producer'],
      [1_700_000_000_500, 'broker'],
      [5_000, 'observer'],
    ]);
  });

  it('survives writing and reading, whatever it holds and however it is compressed', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b)));
    const record = fc.record({
      key: bytes,
      value: bytes,
      time: fc.integer({ min: -1e12, max: 1e12 }),
      headers: fc.array(fc.tuple(fc.string({ maxLength: 5 }), fc.uint8Array({ maxLength: 9 })), {
        maxLength: 3,
      }),
    });
    const codec = fc.constantFrom(0, 1, 2, 3, 4, xerialSnappy);
    const batches = fc.array(fc.tuple(fc.array(record, { minLength: 1, maxLength: 8 }), codec), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 9 }), (written, limit) => {
        let base = 0;
        const raw = written.map(([records, codecOfBatch]) => {
          const ready = records.map((r) => ({
            ...r,
            headers: r.headers.map(([name, data]) => [name, Buffer.from(data)] as const),
          }));
          const batch = writeBatch(ready, { base, codec: codecOfBatch, firstTimestamp: 2e12 });
          base += records.length;
          return batch;
        });
        const { messages, unreadable, next } = decode(fetched(raw), 0, limit);
        expect(unreadable).toEqual([]);
        expect(next).toBe(base);
        const asBytes = (part: string | Uint8Array | null | undefined): Buffer | null =>
          part === null || part === undefined ? null : Buffer.from(part);
        expect(messages.map((m) => [asBytes(m.key), asBytes(m.body), m.time, m.headers.length])).toEqual(
          written.flatMap(([records]) =>
            records.map((r) => [r.key, r.value, 2e12 + r.time, r.headers.length]),
          ),
        );
      }),
    );
  });
});

describe('transactions', () => {
  const aborted = (base: number, producerId: number) =>
    writeBatch(many(2), { base, producerId, transactional: true });

  it('leaves out what was rolled back, and only that', () => {
    const data = fetched(
      [
        aborted(0, 7),
        writeBatch(many(2), { base: 2, producerId: 8, transactional: true }),
        writeBatch([text('plain')], { base: 4 }),
        writeMarker('abort', 5, 7),
        writeMarker('commit', 6, 8),
        // The same producer's next transaction was committed.
        writeBatch(many(1), { base: 7, producerId: 7, transactional: true }),
        writeMarker('commit', 8, 7),
      ],
      [{ producerId: 7, firstOffset: 0 }],
    );
    const { messages, next } = decode(data);
    expect(offsets(messages)).toEqual([2, 3, 4, 7]);
    expect(messages[0]?.notes).toEqual({ transaction: 'producer 8' });
    expect(next).toBe(9);
  });

  it('takes aborted transactions that overlap, listed in any order', () => {
    const data = fetched(
      [
        aborted(0, 1),
        aborted(2, 2),
        writeMarker('abort', 4, 1),
        aborted(5, 2),
        writeMarker('abort', 7, 2),
        writeBatch(many(1), { base: 8, producerId: 2, transactional: true }),
        aborted(9, 1),
        writeMarker('abort', 11, 1),
      ],
      [
        { producerId: 1, firstOffset: 9 },
        { producerId: 2, firstOffset: 2 },
        { producerId: 1, firstOffset: 0 },
      ],
    );
    expect(offsets(decode(data).messages)).toEqual([8]);
  });

  it('never shows control records, and moves past them', () => {
    const { messages, next } = decode(fetched([writeMarker('commit', 41, 9)]), 41);
    expect([messages.length, next]).toEqual([0, 42]);
  });
});

describe('the place in the log', () => {
  it('begins where it was asked, though a compressed batch begins earlier', () => {
    const { messages, next } = decode(fetched([writeBatch(many(10), { base: 100, codec: 1 })]), 106);
    expect(offsets(messages)).toEqual([106, 107, 108, 109]);
    expect(next).toBe(110);
  });

  it('moves past what compaction removed, even when a whole batch is empty', () => {
    const data = fetched([
      writeBatch(
        [
          { ...text('a'), delta: 0 },
          { ...text('b'), delta: 4 },
        ],
        { base: 10, lastDelta: 9 },
      ),
      writeBatch([], { base: 20, lastDelta: 4 }),
    ]);
    const { messages, unreadable, next } = decode(data, 10);
    expect(offsets(messages)).toEqual([10, 14]);
    expect([unreadable, next]).toEqual([[], 25]);
    expect(scanBatches(data.records, 10)).toEqual({ next: 25 });
  });

  it('stops before a batch that is cut off, and says how much one needs', () => {
    const whole = writeBatch(many(3));
    const cut = writeBatch(many(50), { base: 3 });
    const data = fetched([whole, cut.subarray(0, cut.length - 1)]);
    expect(decode(data).next).toBe(3);
    expect(scanBatches(data.records, 0)).toEqual({ next: 3 });
    expect(scanBatches(cut.subarray(0, 90), 3)).toEqual({ next: 3, wanted: cut.length });
  });
});

describe('bad data', () => {
  it('is told, and what follows is read', () => {
    const bad = writeBatch(many(5), { codec: 1 });
    bad.fill(0xee, 70);
    const unknown = writeBatch(many(2), { base: 5 });
    unknown[22] = 7;
    const { messages, unreadable, next } = decode(fetched([bad, unknown, writeBatch(many(1), { base: 7 })]));
    expect(unreadable.map(({ from, to }) => [from, to])).toEqual([
      [0, 5],
      [5, 7],
    ]);
    expect(unreadable[1]?.reason).toContain('codec 7');
    expect([offsets(messages), next]).toEqual([[7], 8]);
  });

  it('never throws and never goes backwards, whatever the bytes', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(0, 1, 2, 3, 4),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      )
      .map(([codec, changes]) => {
        const bytes = Buffer.concat([
          writeBatch(many(8), { codec }),
          writeBatch(many(8), { base: 8, codec }),
        ]);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        // Sizes stay believable, as a broker checks them.
        return bytes;
      });
    const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        expect(decode(fetched([bytes]), 0).next).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it('of the format before Kafka 0.11 is counted as not read', () => {
    const old = Buffer.alloc(40);
    old.writeBigInt64BE(12n, 0);
    old.writeInt32BE(28, 8);
    old.writeInt8(1, 16);
    const { unreadable, next } = decode(fetched([old]), 12);
    expect(unreadable[0]).toMatchObject({
      from: 12,
      to: 13,
      reason: expect.stringContaining('0.11') as string,
    });
    expect(next).toBe(13);
  });
});
