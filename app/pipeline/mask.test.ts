import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import type { Mask } from '../model/mask.ts';
import type { RawMessage } from '../model/message.ts';
import { createMasker } from './mask.ts';
import { toEvent } from './to-event.ts';

function message(more: Partial<RawMessage>): RawMessage {
  return {
    kind: 'message',
    channel: { system: 'kafka', cluster: 'c', name: 'orders', kind: 'topic' },
    time: 1,
    clock: 'broker',
    observedAt: 1,
    headers: [],
    body: '',
    ...more,
  };
}

function recorded(more: Partial<RawMessage>, mask: Partial<Mask>) {
  const masker = createMasker({ fields: [], headers: [], ...mask });
  const raw = message(more);
  return toEvent(masker?.message(raw) ?? raw, 1, 'c1');
}

const body = JSON.stringify({ orderId: 'ord-7', customer: { email: 'ann@example.com', name: 'Ann' } });

describe('a mask', () => {
  test('takes a value out of payload, key, headers, name and facts alike', () => {
    const event = recorded(
      {
        id: 'order-of-ann@example.com',
        key: 'ann@example.com',
        routingKey: 'mail.ann@example.com',
        headers: [
          ['To', 'Ann <ann@example.com>'],
          ['correlation-id', 'ann@example.com'],
          ['x', new Uint8Array(Buffer.from('\0ann@example.com'))],
        ],
        properties: { reply_to: 'ann@example.com', deep: [{ a: 'ann@example.com' }] },
        notes: { user: 'ann@example.com' },
        producer: 'app-of-ann@example.com',
        body,
      },
      { fields: ['customer.email'] },
    );
    expect(JSON.stringify(event)).not.toContain('ann@');
    expect(event.payload.text).toBe(body.replace('ann@example.com', '[masked]'));
    expect(event.facts.keys).toEqual([expect.objectContaining({ name: 'orderId', value: 'ord-7' })]);
    expect(event.headers[0]).toEqual(['To', 'Ann <[masked]>']);
  });

  test('names of headers are compared without regard to case; properties count as headers', () => {
    const event = recorded(
      {
        headers: [['Authorization', 'Bearer t0ken-abc']],
        properties: { user_id: 'ann' },
        body: '{"t":"Bearer t0ken-abc"}',
      },
      { headers: ['authorization', 'USER_ID'] },
    );
    expect(event.headers).toEqual([['Authorization', '[masked]']]);
    expect(event.properties).toEqual({ user_id: '[masked]' });
    expect(event.payload.text).toBe('{"t":"[masked]"}');
  });

  test('finds fields in compressed payloads, and keeps what they weighed', () => {
    const bytes = gzipSync(body);
    const event = recorded({ body: bytes }, { fields: ['*.email'] });
    expect(event.payload).toMatchObject({ format: 'json', size: bytes.length, unwrapped: ['gzip'] });
    expect(event.payload.text).not.toContain('ann@');
  });

  test('withholds what cannot be parsed, and says so without quoting it; keeps it when told', () => {
    for (const unreadable of [
      'email=ann@example.com',
      new Uint8Array([255, 1, 2]),
      '{"email":"ann@example.com"',
    ]) {
      const withheld = recorded(
        { body: unreadable, properties: { content_type: 'application/json' } },
        { fields: ['email'] },
      );
      expect(withheld.payload).toMatchObject({ format: 'empty', size: unreadable.length });
      expect(withheld.problems).toHaveLength(1);
      expect(withheld.problems?.[0]).toMatch(/withheld: it is not JSON/);
    }
    const kept = recorded({ body: 'email=ann@example.com' }, { fields: ['email'], keepUnreadable: true });
    expect(kept.payload.text).toBe('email=ann@example.com');
    expect(recorded({ body: 'plain' }, { headers: ['x'] }).payload.text).toBe('plain');
  });

  test('leaves short values where they stand by chance, tombstones, and what it masked before', () => {
    const event = recorded({ key: '12', body: '{"pin":12,"quantity":12}' }, { fields: ['pin'] });
    expect(event.payload.text).toBe('{"pin":"[masked]","quantity":12}');
    expect(event.key).toBe('[masked]');
    expect(recorded({ body: null, key: 'ann' }, { fields: ['$key'] }).key).toBe('[masked]');
    expect(recorded({ body: null }, { fields: ['a'] }).payload.format).toBe('tombstone');
    const again = recorded(
      { key: '[masked]', body: '{"pin":"[masked]","a":"[masked]"}' },
      { fields: ['pin'] },
    );
    expect(again).toMatchObject({ key: '[masked]', facts: { keys: [] } });
  });

  test('a delivery follows its event to the name that this has now', () => {
    const masker = createMasker({ fields: [], headers: ['message_id'] });
    const raw = masker?.message(
      message({ id: 'rabbitmq/c/x/ann@example.com', properties: { message_id: 'ann@example.com' } }),
    );
    const delivery = masker?.delivery({
      kind: 'delivery',
      subject: { event: 'rabbitmq/c/x/ann@example.com' },
      consumer: 'q',
      status: 'delivered',
      evidence: 'firehose',
      time: 1,
    });
    expect(delivery?.subject).toEqual({ event: raw && toEvent(raw, 1, 'c').id });
    expect(JSON.stringify([raw, delivery])).not.toContain('ann@');
  });

  test('leaves no secret of any shape anywhere', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9@.+\\"{ü-]{5,24}$/).map((text) => `S3${text}X9`);
    fc.assert(
      fc.property(secret, fc.integer({ min: 0, max: 3 }), (value, nesting) => {
        let text = JSON.stringify({
          user: { password: value, list: [value] },
          note: `for ${value}`,
          [value]: 1,
        });
        for (let i = 0; i < nesting; i++) text = JSON.stringify({ id: 'a1', data: text });
        const event = recorded(
          { key: value, headers: [['h', value]], body: text },
          { fields: ['*.password'] },
        );
        const written = JSON.stringify(event);
        for (const shape of [value, JSON.stringify(value).slice(1, -1)]) expect(written).not.toContain(shape);
      }),
    );
  });
});
