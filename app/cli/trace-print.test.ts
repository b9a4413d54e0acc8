import { describe, expect, test } from 'vitest';
import type { TraceDetailDto } from '../contract/page.ts';
import { duration, fit, plain } from './output.ts';
import { traceDetailJson, traceJson } from './trace-json.ts';
import { traceMermaid } from './trace-mermaid.ts';
import { traceText } from './trace-text.ts';

const start = Date.UTC(2026, 2, 1, 10);

function event(id: string, at: number, name: string, more: Partial<TraceDetailDto['events'][number]> = {}) {
  return {
    id,
    channel: { system: 'kafka' as const, cluster: 'default', name, kind: 'topic' as const },
    type: undefined,
    time: start + at,
    clock: 'broker' as const,
    keys: [],
    size: 1,
    format: 'json' as const,
    ...more,
  };
}

const detail: TraceDetailDto = {
  trace: {
    id: 't1',
    keys: [{ name: 'orderId', value: '12345' }],
    start,
    end: start + 4000,
    status: 'failed',
    events: 4,
    hops: 3,
    systems: ['kafka'],
  },
  events: [
    event('m1', 0, 'orders', {
      type: 'OrderCreated',
      partition: 3,
      producer: { name: 'storefront', inferred: false },
    }),
    event('m2', 198, 'payments', {
      type: 'PaymentRequested',
      producer: { name: 'payments', inferred: true },
    }),
    event('m3', 4000, 'ledger', { type: 'Evil\u001b[31m<script>\u202e' }),
    event('m4', 10, 'orders', { type: 'OrderCreated' }),
  ],
  links: [
    { from: 'm1', to: 'm2', evidence: 'causation-header', confidence: 1, why: 'header causation-id is m1' },
    { from: 'm2', to: 'm3', evidence: 'key-and-time', confidence: 0.62, why: 'both carry orderId=12345' },
    { from: 'm1', to: 'm4', evidence: 'duplicate', confidence: 1, why: 'one message id' },
  ],
  deliveries: [
    { event: 'm1', consumer: 'payments', status: 'acknowledged', evidence: 'span', time: start + 77 },
    {
      event: 'm2',
      consumer: 'billing',
      via: 'charges',
      status: 'rejected',
      evidence: 'firehose',
      after: start + 200,
      before: start + 5200,
    },
  ],
  clocks: [],
};
const now = new Map([['kafka', start + 60_000]]);

describe('a trace as text', () => {
  const text = traceText(detail, now, [
    {
      kind: 'coverage',
      channel: { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' },
      state: 'gap',
      from: start,
      to: start + 1000,
      reason: 'away',
    },
  ]);

  test('shows the tree of causes with times, evidence and deliveries', () => {
    expect(text).toMatch(
      /^orderId=12345\nfailed · 4 events on kafka · 2026-03-01T10:00:00.000Z, 4.0 s · t1\n/,
    );
    expect(text).toMatch(
      / 0 ms +OrderCreated +kafka orders\/3 +storefront\n +✓ payments acknowledged after 77 ms \(span\)/,
    );
    expect(text).toMatch(/198 ms +└─ PaymentRequested +kafka payments +payments\? +causation-header\n/);
    expect(text).toMatch(/✗ billing rejected via charges between 2 ms and 5.0 s after \(firehose\)/);
    expect(text).toMatch(/4.0 s + └┄ Evil.* key-and-time 62%\n/);
    expect(text).toContain('m4 repeats m1');
    expect(text).toContain('kafka orders gap 2026-03-01T10:00:00.000Z to 2026-03-01T10:00:01.000Z away');
  });

  test('says when a delivery was, never before its event unless the clocks disagree', () => {
    const [sent] = detail.deliveries;
    const times = [
      { after: start, before: start + 4400 },
      { after: start - 900, before: start - 500 },
      { time: start - 5 },
    ];
    const shown = times.map((time) =>
      traceText(
        {
          ...detail,
          deliveries: [
            {
              ...sent,
              event: 'm1',
              consumer: 'c',
              status: 'acknowledged',
              evidence: 'offset-commit',
              time: undefined,
              ...time,
            },
          ],
        },
        now,
        [],
      ),
    );
    expect(shown[0]).toContain('acknowledged within 4.4 s (offset-commit)');
    expect(shown[1]).toContain('acknowledged 500 ms before it was sent: the clocks disagree');
    expect(shown[2]).toContain('acknowledged 5 ms before it was sent: the clocks disagree');
    expect(shown.join()).not.toMatch(/-\d+ ms/);
  });

  test('fits 100 columns and cannot move the cursor', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  });
});

test('a trace as JSON is what FORMATS says', () => {
  expect(JSON.parse(JSON.stringify(traceJson(detail, now)))).toEqual({
    id: 't1',
    keys: [{ name: 'orderId', value: '12345' }],
    start: '2026-03-01T10:00:00.000Z',
    end: '2026-03-01T10:00:04.000Z',
    status: 'failed',
    events: [
      {
        id: 'm1',
        system: 'kafka',
        channel: 'orders',
        type: 'OrderCreated',
        time: '2026-03-01T10:00:00.000Z',
        producer: 'storefront',
      },
      {
        id: 'm4',
        system: 'kafka',
        channel: 'orders',
        type: 'OrderCreated',
        time: '2026-03-01T10:00:00.010Z',
      },
      {
        id: 'm2',
        system: 'kafka',
        channel: 'payments',
        type: 'PaymentRequested',
        time: '2026-03-01T10:00:00.198Z',
        inferredProducer: 'payments',
      },
      expect.objectContaining({ id: 'm3' }),
    ],
    links: [
      { from: 'm1', to: 'm2', evidence: 'causation-header', confidence: 1 },
      { from: 'm2', to: 'm3', evidence: 'key-and-time', confidence: 0.62 },
    ],
    duplicates: [{ from: 'm1', to: 'm4' }],
  });
  expect(traceDetailJson(detail, now).deliveries[0]).toMatchObject({
    message: 'm1',
    time: '2026-03-01T10:00:00.077Z',
  });
});

test('a file is as old as the last thing seen in each system', () => {
  const quiet: TraceDetailDto = { ...detail, trace: { ...detail.trace, status: 'active' } };
  expect(traceJson(quiet, now).status).toBe('complete');
  expect(traceJson(quiet, new Map([['kafka', start + 34_000]])).status).toBe('active');
});

test('a trace of which somebody has an event in hand is stuck, and never complete', () => {
  const pending = { event: 'm2', consumer: 'shipping', since: start + 10_000 };
  const held: TraceDetailDto = { ...detail, trace: { ...detail.trace, status: 'stuck', pending } };
  expect(traceJson(held, now)).toMatchObject({
    status: 'stuck',
    pending: { event: 'm2', consumer: 'shipping', since: '2026-03-01T10:00:10.000Z' },
  });
  expect(traceText(held, now, [])).toContain(
    'shipping was handed PaymentRequested on payments at 2026-03-01T10:00:10.000Z, not acknowledged since\n',
  );
  // Handed out less than 30 s before the file ends.
  expect(traceJson(held, new Map([['kafka', start + 39_000]])).status).toBe('active');
});

test('clocks that differ are told before the times that they gave', () => {
  const skewed: TraceDetailDto = {
    ...detail,
    clocks: [
      {
        ...{ behind: 'payments', ahead: 'orders', least: 1_960, most: 2_030, links: 41 },
        text: 'payments is 1.9 to 2.1 s behind orders',
        example: {
          trace: 't1',
          cause: { id: 'm1', channel: 'orders', time: start },
          effect: { id: 'm2', channel: 'payments', time: start - 1_960 },
        },
      },
    ],
  };
  expect(traceText(skewed, now, [])).toContain(
    'clocks differ, and times are as recorded:\n  payments is 1.9 to 2.1 s behind orders (proven by 41 links)\n',
  );
  expect(traceText(detail, now, [])).not.toContain('clocks differ');
  expect(traceDetailJson(skewed, now).clocks).toEqual([
    {
      ...{ behind: 'payments', ahead: 'orders', leastMs: 1_960, mostMs: 2_030, links: 41 },
      example: { trace: 't1', from: 'm1', to: 'm2' },
    },
  ]);
});

test('a trace as a Mermaid diagram holds no syntax from data', () => {
  const diagram = traceMermaid(detail);
  expect(diagram).toContain('participant p2 as orders (kafka)');
  expect(diagram).toContain('p1->>p2: OrderCreated +0 ms');
  expect(diagram).toContain('p2-)p3: acknowledged +77 ms');
  expect(diagram).toMatch(/p\d--xp\d: rejected by \+5.2 s/);
  expect(diagram).not.toMatch(/<|[^\P{Cc}\n]/u);
});

test('text is made harmless and fits', () => {
  expect(plain('a\u001b[2J\nb')).toBe('a·[2J·b');
  expect([fit('ab', 4), fit('Zoë🐢!', 4)]).toEqual(['ab  ', 'Zoë…']);
  expect([0, 999, 1500, 90_000, 600_000, 9e6, 2e8, -5].map(duration)).toEqual([
    '0 ms',
    '999 ms',
    '1.5 s',
    '90 s',
    '10 min',
    '2.5 h',
    '2.3 d',
    '-5 ms',
  ]);
});
