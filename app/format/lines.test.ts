import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Binding, Coverage, Delivery, Subscription } from '../model/delivery.ts';
import type { Channel, Header, Json, RawMessage } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import { LineError } from './fields.ts';
import { valueText } from './json-span.ts';
import { readLine } from './read-line.ts';
import { readLines } from './read-lines.ts';
import { writeLine } from './write-line.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<SourceItem[]> {
  async function* bytes(): AsyncIterable<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const items: SourceItem[] = [];
  for await (const batch of readLines(bytes(), { name: 'shop.ndjson' })) items.push(...batch);
  return items;
}

const line = (fields: object): string =>
  JSON.stringify({
    kind: 'message',
    system: 'kafka',
    channel: 'orders',
    time: '2026-03-01T10:00:00.123Z',
    ...fields,
  });
const message = (fields: object, number = 1): RawMessage => readLine(line(fields), number) as RawMessage;
const alerts = (items: SourceItem[]): string[] =>
  items.flatMap((i) => (i.kind === 'alert' ? [i.message] : []));

describe('a message line', () => {
  test('needs only kind, system, channel and time', () => {
    expect(message({}, 7)).toEqual({
      kind: 'message',
      channel: { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' },
      id: 'kafka/orders/7',
      time: Date.UTC(2026, 2, 1, 10, 0, 0, 123),
      clock: 'producer',
      observedAt: Date.UTC(2026, 2, 1, 10, 0, 0, 123),
      headers: [],
      body: '',
    });
  });

  test('is named by its id, else by its position, else by its line', () => {
    expect(message({ id: 'm1', offset: '5' }).id).toBe('m1');
    expect(message({ partition: 3, offset: 1042 })).toMatchObject({
      position: { partition: 3, offset: '1042' },
    });
    expect(message({ partition: 3, offset: '1042' }).id).toBeUndefined();
    expect(message({ partition: 3 }, 9).id).toBe('kafka/orders/9');
  });

  test('keeps the payload as it was written, numbers beyond 2^53 too', () => {
    const text = '{"b": 12345678901234567890, "a":1.0,"a":2 , "s":"\\u0041,}"}';
    const raw = `{"kind":"message", "payload" : ${text} ,"system":"kafka","channel":"c","time":0}`;
    expect(readLine(raw, 1)).toMatchObject({ body: text });
  });

  test('tells a tombstone from an empty payload, JSON null and text', () => {
    expect(message({ payload: null }).body).toBeNull();
    expect(message({}).body).toBe('');
    expect(message({ payloadText: 'null' }).body).toBe('null');
    expect(message({ payloadBase64: 'AP8=' }).body).toEqual(new Uint8Array([0, 255]));
    expect(message({ payload: 'hi' }).body).toBe('"hi"');
  });

  test('takes headers as an object or as pairs, with bytes and other values', () => {
    expect(message({ headers: { a: 'x', b: { base64: '/w==' }, c: [{ d: 1 }], e: null } }).headers).toEqual([
      ['a', 'x'],
      ['b', new Uint8Array([255])],
      ['c', '[{"d":1}]'],
      ['e', ''],
    ]);
    expect(
      message({
        headers: [
          ['x', '1'],
          ['x', '2'],
        ],
      }).headers,
    ).toEqual([
      ['x', '1'],
      ['x', '2'],
    ]);
  });

  test('reads times to the microsecond, in any zone, and without one as UTC', () => {
    expect(message({ time: '2026-03-01T10:00:00.123456Z' }).time).toBeCloseTo(
      Date.UTC(2026, 2, 1, 10) + 123.456,
      3,
    );
    expect(message({ time: '2026-03-01T12:00:00+02:00' }).time).toBe(Date.UTC(2026, 2, 1, 10));
    expect(message({ time: '2026-03-01T10:00:00' }).time).toBe(Date.UTC(2026, 2, 1, 10));
  });

  test('survives a payload nested 10,000 deep', () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const raw = `{"kind":"message","system":"kafka","channel":"c","time":0,"payload":${deep}}`;
    const first = readLine(raw, 1) as RawMessage;
    expect(first.body).toBe(deep);
    expect((readLine(writeLine(first), 1) as RawMessage).body).toBe(deep);
  });

  test.each([
    ['{', 'not valid JSON'],
    ['[]', 'not a JSON object'],
    ['{"kind":"massage"}', '"kind" is "massage", not one of message'],
    ['{"kind":"message","system":"pulsar","channel":"a","time":0}', '"system" is "pulsar"'],
    ['{"kind":"message","system":"kafka","time":0}', '"channel" is missing'],
    ['{"kind":"message","system":"kafka","channel":"a"}', '"time" is missing'],
    ['{"kind":"message","system":"kafka","channel":"a","time":"soon"}', '"time" is not a time'],
    ['{"kind":"message","system":"kafka","channel":"a","time":0,"payloadBase64":"*"}', 'not base64'],
    ['{"kind":"message","system":"kafka","channel":"a","time":0,"key":12345678901234567890}', 'in quotes'],
    ['{"kind":"delivery","message":"m1","consumer":"c","status":"acknowledged"}', 'needs "time"'],
  ])('that is bad says why: %s', (bad, why) => {
    expect(() => readLine(bad, 1)).toThrow(why);
  });
});

describe('a file of message lines', () => {
  test('reads what is good, and reports each bad line with its number', async () => {
    const items = await read(
      `\uFEFF${line({ id: 'a' })}\r\n\n{oops\n`,
      new Uint8Array([0xff, 0x0a]),
      line({ id: 'b' }),
    );
    expect(items.flatMap((i) => (i.kind === 'message' ? [i.id] : []))).toEqual(['a', 'b']);
    expect(alerts(items)).toEqual([
      expect.stringContaining('shop.ndjson, line 3: not valid JSON'),
      expect.stringContaining('shop.ndjson, line 4: not valid UTF-8'),
    ]);
  });

  test('reads the same however it is cut into chunks', async () => {
    const text = Buffer.from(
      [line({ payload: { name: 'Zoë 🐢' } }), '', '{bad', line({ id: 'x', payloadText: 'a\nb' })].join('\n'),
    );
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), text.length];
        expect(await read(...ends.map((end, i) => text.subarray(ends[i - 1] ?? 0, end)))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('wiring means the channels that the messages are on, wherever its lines stand', async () => {
    const wiring = '{"kind":"subscription","system":"rabbitmq","channel":"payments","consumer":"billing"}';
    const sent = line({ system: 'rabbitmq', channel: 'payments' });
    for (const lines of [`${wiring}\n${sent}`, `${sent}\n${wiring}`]) {
      const topologies = (await read(lines)).filter((i) => i.kind === 'topology');
      expect(topologies.at(-1)?.subscriptions).toMatchObject([
        { consumer: 'billing', channel: { kind: 'exchange' } },
      ]);
    }
  });

  test('names like __proto__ and <script> are only data', async () => {
    const items = await read(
      '{"kind":"message","system":"kafka","channel":"<script>","time":0,"__proto__":{"id":"evil"},' +
        '"headers":{"__proto__":"h","constructor":"c"},"properties":{"__proto__":{"polluted":true}}}',
    );
    expect(items).toMatchObject([
      {
        id: 'kafka/<script>/1',
        headers: [
          ['__proto__', 'h'],
          ['constructor', 'c'],
        ],
      },
    ]);
    expect('polluted' in {}).toBe(false);
    const again = readLine(writeLine(items[0] as RawMessage), 1) as RawMessage;
    expect(again.headers).toEqual([
      ['__proto__', 'h'],
      ['constructor', 'c'],
    ]);
    expect(JSON.stringify(again.properties)).toBe('{"__proto__":{"polluted":true}}');
  });
});

describe('what was read can be written and read again', () => {
  const text = fc.string({ unit: 'grapheme' });
  const name = fc.oneof(
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.constantFrom('__proto__', '7', '<b>'),
  );
  const bytes = fc.uint8Array({ maxLength: 20 });
  const time = fc
    .integer({ min: 0, max: 4e15 })
    .map((micros) => Math.floor(micros / 1000) + (micros % 1000) / 1000);
  const channel: fc.Arbitrary<Channel> = fc.record({
    system: fc.constantFrom('kafka', 'rabbitmq', 'redis', 'aws'),
    cluster: name,
    name,
    kind: fc.constantFrom('topic', 'exchange', 'queue', 'stream', 'pubsub', 'list', 'sns-topic', 'sqs-queue'),
  });
  const json = fc.json().map((value) => JSON.parse(value) as Json);
  const properties = fc
    .dictionary(name, json)
    .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, Json>);
  const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined });
  const whole = fc.nat();
  const body = fc.oneof(
    text,
    bytes,
    fc.constant(null),
    fc.json(),
    fc.constantFrom('null', ' {}', '{}\n', '\uD800', '01'),
  );
  const messages: fc.Arbitrary<RawMessage> = fc.record({
    kind: fc.constant('message'),
    channel,
    position: optional(fc.record({ partition: optional(whole), offset: fc.bigInt({ min: 0n }).map(String) })),
    id: name,
    time,
    clock: fc.constantFrom('broker', 'producer', 'observer'),
    observedAt: time,
    key: optional(fc.oneof(text, bytes)),
    routingKey: optional(text),
    headers: fc.array(fc.tuple(name, fc.oneof(text, bytes)) as fc.Arbitrary<Header>),
    properties: optional(properties),
    body,
    recorded: optional(fc.record({ unwrapped: fc.array(name, { minLength: 1 }), size: whole })),
    producer: optional(text),
    notes: optional(properties),
  });

  const without = (value: object): unknown => JSON.parse(JSON.stringify(value, bytesToo));
  const bytesToo = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? { bytes: [...value] } : value;

  test('messages, whatever they hold', () => {
    fc.assert(
      fc.property(messages, (first) => {
        const written = writeLine(first);
        expect(written).not.toMatch(/[\r\n]/);
        expect(without(readLine(written, 1))).toEqual(without(first));
      }),
      { numRuns: 500 },
    );
  });

  test('deliveries, wiring and coverage', () => {
    const nonEmpty = fc.string({ minLength: 1, unit: 'grapheme' });
    const offset = whole.map(String);
    const deliveries: fc.Arbitrary<Delivery> = fc.record({
      kind: fc.constant('delivery'),
      subject: fc.oneof(
        fc.record({ event: text }),
        fc.record({ channel, partition: optional(whole), fromOffset: offset, toOffset: offset }),
      ),
      consumer: nonEmpty,
      status: fc.constantFrom(
        'delivered',
        'acknowledged',
        'redelivered',
        'rejected',
        'dead-lettered',
        'pending',
      ),
      evidence: fc.constantFrom('offset-commit', 'firehose', 'span', 'import'),
      time: optional(time),
      after: time,
      before: optional(time),
      via: optional(text),
    });
    const wiring: fc.Arbitrary<Subscription | Binding> = fc.oneof(
      fc.record({
        kind: fc.constant('subscription' as const),
        channel,
        consumer: nonEmpty,
        lag: optional(whole),
        detail: optional(text),
      }),
      fc.record({
        kind: fc.constant('binding' as const),
        channel,
        to: nonEmpty,
        toKind: fc.constantFrom('queue' as const, 'exchange' as const),
        routingKey: optional(text),
        deadLetter: optional(fc.constant(true)),
      }),
    );
    const coverage: fc.Arbitrary<Coverage> = fc.record({
      kind: fc.constant('coverage'),
      channel,
      partition: optional(whole),
      state: fc.constantFrom('read', 'gap', 'dropped', 'sampled'),
      fromOffset: optional(offset),
      toOffset: optional(offset),
      from: optional(time),
      to: optional(time),
      count: optional(whole),
      reason: optional(text),
    });
    fc.assert(
      fc.property(fc.oneof(deliveries, wiring, coverage), (first) => {
        expect(without(readLine(writeLine(first), 1))).toEqual(without(first));
      }),
      { numRuns: 500 },
    );
  });

  test('any text is read or refused in words, never anything else', () => {
    const near = fc.json().map((value) => line({ headers: JSON.parse(value), key: JSON.parse(value) }));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), near), (any) => {
        try {
          readLine(any, 1);
        } catch (error) {
          expect(error).toBeInstanceOf(LineError);
        }
      }),
    );
  });

  test('the text of a value is what JSON.parse reads', () => {
    const record = fc.dictionary(
      name,
      fc.json().map((value) => JSON.parse(value) as Json),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(record, fc.boolean(), (object, pretty) => {
        const source = JSON.stringify(object, undefined, pretty ? 1 : undefined);
        const parsed = JSON.parse(source) as Record<string, Json>;
        for (const key of Object.keys(parsed)) {
          expect(JSON.parse(valueText(source, key) ?? '')).toEqual(parsed[key]);
        }
      }),
    );
  });
});
