import { channels, event } from './build.ts';
import type { FakeEvent, FakeTrace } from './build.ts';

/** Payloads and names that break careless pages: HTML, `__proto__`, 5 MB, 10,000 levels, bytes, nothing. */
export function oddTrace(id: string, start: number): FakeTrace {
  const keys = [{ name: 'orderId', value: '<img src=x onerror=alert(1)>' }];
  const make = (suffix: string, ms: number, rest: Partial<Parameters<typeof event>[0]>): FakeEvent =>
    event({
      id: `${id}-${suffix}`,
      channel: channels.orders,
      time: start + ms,
      producer: '__proto__',
      keys,
      ...rest,
    });
  const bytes = Uint8Array.from({ length: 3000 }, (_, index) => (index * 7) % 256);
  const events = [
    make('proto', 0, {
      type: '<b>Bold</b>',
      text: '{"__proto__":{"polluted":true},"constructor":"x","id":12345678901234567890,"dup":1,"dup":2,"html":"<script>alert(1)</script>"}',
      headers: [
        ['__proto__', '<script>alert(1)</script>'],
        ['constructor', 'toString'],
      ],
    }),
    make('deep', 20, { type: 'Deep', text: `${'['.repeat(10_000)}1${']'.repeat(10_000)}` }),
    make('large', 45, {
      type: 'Large',
      text: `{"rows":[${Array.from({ length: 50_000 }, (_, index) => `{"row":${index},"text":"${'x'.repeat(75)}"}`).join(',')}]}`,
    }),
    make('binary', 70, { type: 'Binary', base64: Buffer.from(bytes).toString('base64') }),
    make('text', 90, { type: 'Text', text: 'not JSON: key=value\nsecond line', format: 'text' }),
    make('broken', 110, {
      type: 'Broken',
      text: '{"orderId": "12345", "lines": [1, 2',
      format: 'text',
      problems: ['The payload says it is JSON and is not: unexpected end after 34 characters.'],
    }),
    make('empty', 130, { type: 'Empty', text: '', format: 'empty' }),
    make('tomb', 150, { text: '', format: 'tombstone', type: undefined }),
  ];
  return { id, keys, events, links: [], deliveries: [], status: 'active' };
}

/** More events than a canvas should mount. */
export function hugeTrace(id: string, start: number, size: number): FakeTrace {
  const keys = [{ name: 'batchId', value: 'nightly-7' }];
  const services = ['importer', 'validator', 'writer', 'indexer'];
  const events = Array.from({ length: size }, (_, index) =>
    event({
      id: `${id}-${index}`,
      channel:
        [channels.inventory, channels.ledger, channels.shipments, channels.payments][index % 4] ??
        channels.orders,
      type: ['RowRead', 'RowChecked', 'RowWritten', 'RowIndexed'][index % 4],
      time: start + index * 37,
      producer: services[index % 4],
      keys,
    }),
  );
  const links = events.slice(1).map(({ head }, index) => ({
    from: `${id}-${index}`,
    to: head.id,
    evidence: 'causation-header',
    confidence: 1,
    why: 'Its header causationid names the row before.',
  }));
  return {
    id,
    keys,
    events,
    links: links.filter((_, index) => index % 4 !== 3),
    deliveries: [],
    status: 'quiet',
  };
}

/** A plain trace, made from nothing but its number. */
export function plainTrace(number: number, start: number): FakeTrace {
  const keys = [{ name: 'orderId', value: String(200_000 + number) }];
  const steps = 2 + (number % 5);
  const path = [
    channels.orders,
    channels.payments,
    channels.inventory,
    channels.shipments,
    channels.notifications,
  ];
  const types = [
    'OrderPlaced',
    'payment.requested',
    'StockReserved',
    'ShipmentRequested',
    'CustomerNotified',
  ];
  const services = ['storefront', 'payments', 'inventory', 'shipping', undefined];
  const events = Array.from({ length: steps }, (_, index) =>
    event({
      id: `t${number}-${index}`,
      channel: path[index % 5] ?? channels.orders,
      type: types[index % 5],
      time: start + index * (40 + (number % 900)),
      producer: services[index % 5],
      keys,
      payload: { orderId: keys[0]?.value, step: index },
    }),
  );
  const links = events.slice(1).map(({ head }, index) => ({
    from: `t${number}-${index}`,
    to: head.id,
    evidence: number % 3 ? 'causation-header' : 'key-and-time',
    confidence: number % 3 ? 1 : 0.6,
    why: 'For the sample.',
  }));
  const status = number % 41 === 7 ? 'failed' : number < 3 ? 'active' : 'quiet';
  return { id: `t${number}`, keys, events, links, deliveries: [], status };
}
