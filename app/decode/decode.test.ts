import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Header, RawMessage } from '../model/message.ts';
import { maxPayloadBytes } from './compression.ts';
import { decodeMessage } from './decode.ts';

function raw(body: RawMessage['body'], more: Partial<RawMessage> = {}): RawMessage {
  return {
    kind: 'message',
    channel: { system: 'kafka', cluster: 'test', name: 'orders', kind: 'topic' },
    time: 1,
    clock: 'broker',
    observedAt: 2,
    headers: [],
    body,
    ...more,
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const json = '{"orderId":"A-1","note":"größer 😀"}';
const withHeaders = (...headers: Header[]) => ({ headers });

test('everything but the body is passed on', () => {
  const message = raw(bytes(json), {
    id: 'm1',
    position: { partition: 3, offset: '7' },
    key: 'A-1',
    routingKey: 'order.placed',
    headers: [['a', 'b']],
    properties: { type: 'x' },
    producer: 'shop',
    notes: { vhost: '/' },
  });
  const { body: _body, ...rest } = message;
  expect(decodeMessage(message)).toMatchObject(rest);
});

describe('text, JSON and what is neither', () => {
  test('an object is JSON, its text is kept as sent', () => {
    expect(decodeMessage(raw(bytes(json)))).toMatchObject({
      payload: { format: 'json', text: json, size: bytes(json).length },
      json: { orderId: 'A-1', note: 'größer 😀' },
    });
  });

  test('a body that is text already counts its bytes on the wire', () => {
    expect(decodeMessage(raw('"ü"'))).toMatchObject({ payload: { format: 'text', text: '"ü"', size: 4 } });
  });

  test.each(['plain words', '42', 'true', '"quoted"', '{broken', '[1,2'])('%s is text', (text) => {
    const { payload, json: value, problems } = decodeMessage(raw(bytes(text)));
    expect({ payload, value, problems }).toEqual({
      payload: { format: 'text', text, size: text.length },
      value: undefined,
      problems: undefined,
    });
  });

  test('a lone number is JSON where the sender says so', () => {
    const declared = withHeaders(['Content-Type', 'application/vnd.shop+json; charset=utf-8']);
    expect(decodeMessage(raw(bytes('42'), declared))).toMatchObject({
      payload: { format: 'json' },
      json: 42,
    });
  });

  test('declared JSON that is none stays text and says what is wrong', () => {
    const message = decodeMessage(raw(bytes('{"a":'), { properties: { content_type: 'application/json' } }));
    expect(message.payload).toEqual({ format: 'text', text: '{"a":', size: 5 });
    expect(message.problems).toEqual([
      expect.stringMatching(/^The content type says JSON, but the payload is not: /),
    ]);
  });

  test('spaces and a byte order mark before the brace do no harm', () => {
    expect(decodeMessage(raw(bytes('\ufeff \n{"a":1}'))).json).toEqual({ a: 1 });
  });

  test('invalid UTF-8 is binary', () => {
    const body = new Uint8Array([0x7b, 0xff, 0xfe]);
    expect(decodeMessage(raw(body)).payload).toEqual({ format: 'binary', bytes: body, size: 3 });
  });

  test('JSON with a broken byte keeps its bytes, and says what it is about all the same', () => {
    const body = Buffer.from('{"orderId":"ord-17","note":"caf?","ref":"r?1"}');
    for (const at of [body.indexOf('?'), body.lastIndexOf('?')]) body[at] = 0xff;
    for (const mark of [[], [0xef, 0xbb, 0xbf, 0x20]]) {
      const sent = Buffer.from([...mark, ...body]);
      const decoded = decodeMessage(raw(sent));
      expect(decoded.payload).toMatchObject({ format: 'binary', bytes: sent });
      expect(decoded.json).toEqual({ orderId: 'ord-17', note: null, ref: null });
      expect(decoded.problems).toEqual([expect.stringContaining('not valid UTF-8')]);
    }
    expect(decodeMessage(raw(body.subarray(0, 20))).json).toBeUndefined();
  });

  test('empty differs from a tombstone', () => {
    expect(decodeMessage(raw(new Uint8Array())).payload).toEqual({ format: 'empty', size: 0 });
    expect(decodeMessage(raw('')).payload).toEqual({ format: 'empty', size: 0 });
    expect(decodeMessage(raw(null)).payload).toEqual({ format: 'tombstone', size: 0 });
  });

  test('10,000 levels and 5 MB are read', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    expect(decodeMessage(raw(bytes(deep))).payload.format).toBe('json');
    const large = JSON.stringify({ text: 'x'.repeat(5_000_000) });
    expect(decodeMessage(raw(bytes(large))).payload).toMatchObject({ format: 'json', size: large.length });
  });

  test('__proto__ in JSON is a field like any other', () => {
    const { json: value } = decodeMessage(raw('{"__proto__":{"polluted":1}}'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('compression', () => {
  const packed = {
    gzip: gzipSync(json),
    deflate: deflateSync(json),
    br: brotliCompressSync(json),
    zstd: zstdCompressSync(json),
  };

  test.each(Object.entries(packed))('%s is undone where a header says so', (encoding, body) => {
    expect(decodeMessage(raw(body, withHeaders(['content-encoding', encoding]))).payload).toEqual({
      format: 'json',
      text: json,
      size: body.length,
      unwrapped: [encoding],
    });
  });

  test.each(['gzip', 'deflate', 'zstd'] as const)('%s is known by its first bytes', (encoding) => {
    expect(decodeMessage(raw(packed[encoding]))).toMatchObject({
      payload: { format: 'json', text: json, unwrapped: [encoding] },
    });
  });

  test('deflate without its header, and two encodings in turn', () => {
    const property = { properties: { content_encoding: 'deflate' } };
    expect(decodeMessage(raw(deflateRawSync(json), property)).payload.text).toBe(json);
    const twice = withHeaders(['Content-Encoding', 'gzip, br']);
    expect(decodeMessage(raw(brotliCompressSync(packed.gzip), twice)).payload).toMatchObject({
      text: json,
      unwrapped: ['br', 'gzip'],
    });
  });

  test('an encoding that names a character set is none', () => {
    const { payload, problems } = decodeMessage(
      raw(bytes(json), { properties: { content_encoding: 'utf-8' } }),
    );
    expect([payload.text, problems]).toEqual([json, undefined]);
  });

  test('what does not unpack stays as it is, with a sentence', () => {
    const { payload, problems } = decodeMessage(raw(bytes(json), withHeaders(['content-encoding', 'gzip'])));
    expect(payload).toMatchObject({ format: 'json', text: json });
    expect(problems).toEqual(['The content encoding says gzip, but the payload does not unpack as that.']);
  });

  test('a bomb is left packed', () => {
    const bomb = gzipSync(Buffer.alloc(maxPayloadBytes + 1));
    const { payload, problems } = decodeMessage(raw(bomb, withHeaders(['content-encoding', 'gzip'])));
    expect(payload).toMatchObject({ format: 'binary', size: bomb.length });
    expect(problems).toEqual([expect.stringContaining('larger than 64 MB')]);
  });

  test('a recorded body is not unpacked again, and keeps its size on the wire', () => {
    const recorded = { unwrapped: ['gzip'], size: 17 };
    expect(decodeMessage(raw(json, { recorded })).payload).toEqual({
      format: 'json',
      text: json,
      size: 17,
      unwrapped: ['gzip'],
    });
  });
});

test('a structured CloudEvent is kept with its envelope', () => {
  const envelope = '{"specversion":"1.0","id":"e1","source":"/s","type":"t","data":{"orderId":"A-1"}}';
  const declared = withHeaders(['content-type', 'application/cloudevents+json; charset=utf-8']);
  expect(decodeMessage(raw(bytes(envelope), declared))).toMatchObject({
    payload: { format: 'json', text: envelope, unwrapped: ['cloudevents'] },
    json: { id: 'e1', data: { orderId: 'A-1' } },
  });
});

test('no bytes and no headers make it throw', () => {
  const name = fc.constantFrom('content-type', 'content-encoding', 'Content-Type', '__proto__', 'x');
  const value = fc.oneof(
    fc.constantFrom(
      'gzip',
      'br',
      'zstd',
      'deflate',
      'gzip,gzip',
      'application/json',
      'application/cloudevents+json',
    ),
    fc.string(),
    fc.uint8Array(),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string(),
    fc.json(),
    fc.constant(null),
    fc.uint8Array().map((tail) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), tail])),
    fc.uint8Array().map((tail) => Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), tail])),
  );
  fc.assert(
    fc.property(body, fc.array(fc.tuple(name, value)), (given, headers) => {
      const { payload } = decodeMessage(raw(given, { headers }));
      expect(payload.format === 'binary').toBe(payload.bytes !== undefined);
      expect(payload.format === 'json' || payload.format === 'text').toBe(payload.text !== undefined);
    }),
    { numRuns: 2_000 },
  );
});
