import { describe, expect, test } from 'vitest';
import { hashText } from '../base/hash.ts';
import type { EventFacts, StoredTrace, Trace, TraceChanges } from '../model/trace.ts';
import { createAssembler, type AssemblerOptions } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { channel, event, Published } from './test-events.ts';

function assembler(options: Partial<AssemblerOptions> = {}) {
  return createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64), ...options });
}

async function changesOf(events: readonly EventFacts[]): Promise<TraceChanges> {
  const one = assembler();
  await one.add(events);
  return one.takeChanges();
}

async function tracesOf(...events: EventFacts[]): Promise<readonly Trace[]> {
  return (await changesOf(events)).upserted;
}

async function membersOf(...events: EventFacts[]): Promise<string[]> {
  return new Published().apply(await changesOf(events)).members();
}

const payments = channel('payments', 'rabbitmq');

describe('what belongs together', () => {
  test('one order under its names on several brokers', async () => {
    const order = event(1, { joins: { orderId: 'A-100' } });
    const payment = event(2, { joins: { orderId: 'A-100', paymentId: 'pay-77' }, on: payments });
    const booked = event(3, { joins: { paymentId: 'pay-77' }, on: channel('ledger') });
    const parcel = event(4, { joins: { reference: 'A-100' }, on: channel('shipments', 'redis') });
    const [trace, ...others] = await tracesOf(order, payment, booked, parcel);
    expect(others).toEqual([]);
    expect(trace?.members).toEqual([1, 2, 3, 4]);
    expect(trace?.summary).toEqual({
      id: 't1',
      keys: [
        { name: 'orderId', value: 'A-100' },
        { name: 'paymentId', value: 'pay-77' },
      ],
      start: 100,
      end: 400,
      events: 4,
      hops: 4,
      systems: ['kafka', 'rabbitmq', 'redis'],
      failed: false,
    });
  });

  test('plain numbers join under one name, or where the other name says of nothing what it is', async () => {
    const order = event(1, { joins: { orderId: '12345' } });
    expect(await membersOf(order, event(2, { joins: { orderId: '12345' } }))).toEqual(['1 2']);
    expect(await membersOf(order, event(2, { joins: { reference: '12345' } }))).toEqual(['1 2']);
    expect(await membersOf(order, event(2, { joins: { paymentId: '12345' } }))).toEqual(['1', '2']);
  });

  test('a cause that is named by its correlation id, if that tells which it was', async () => {
    const handled = event(1, { joins: { correlationId: 'c-1000' } });
    const effect = (seq: number): EventFacts => {
      const bare = event(seq, { joins: { conversationId: 'v-1000' } });
      const causes: EventFacts['facts']['causes'] = [
        { id: 'c-1000', path: 'initiatorId', evidence: 'causation-header', by: 'correlation-id' },
      ];
      return { ...bare, facts: { ...bare.facts, causes } };
    };
    const [trace] = await tracesOf(handled, effect(2), effect(3));
    expect(
      trace?.links.map(({ from, to, evidence, confidence }) => [from, to, evidence, confidence]),
    ).toEqual([
      [1, 2, 'causation-header', 1],
      [1, 3, 'causation-header', 1],
    ]);
    const again = event(2, { joins: { correlationId: 'c-1000' } });
    const [unclear] = await tracesOf(handled, again, effect(3));
    expect(unclear?.links.find(({ to }) => to === 3)?.evidence).toBe('key-and-time');
  });

  test('cause and effect, whichever comes first, and a cause that never comes does no harm', async () => {
    const cause = event(1, { ids: ['m-1'] });
    const effect = event(2, { causes: ['m-1'] });
    const orphan = event(3, { causes: ['m-9'] });
    expect(await membersOf(cause, effect, orphan)).toEqual(['1 2', '3']);
    expect(await membersOf(orphan, effect, cause)).toEqual(['1 2', '3']);
  });

  test('a correlation id, a trace id, and a correlation id that is the first message’s id', async () => {
    expect(
      await membersOf(
        event(1, { joins: { correlationId: 'c-77' } }),
        event(2, { joins: { correlationId: 'c-77' } }),
      ),
    ).toEqual(['1 2']);
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(await membersOf(event(1, { traceId }), event(2, { traceId }))).toEqual(['1 2']);
    expect(
      await membersOf(event(1, { ids: ['msg-77'] }), event(2, { joins: { correlationId: 'msg-77' } })),
    ).toEqual(['1 2']);
  });

  test('an event that nothing ties to others is a trace by itself', async () => {
    expect(await membersOf(event(1), event(2))).toEqual(['1', '2']);
  });
});

describe('what does not', () => {
  test('a trace id that a batch consumer passes on merges no two orders', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(
      await membersOf(
        event(1, { joins: { orderId: 'A-100' }, traceId }),
        event(2, { joins: { orderId: 'A-200' } }),
        event(3, { joins: { orderId: 'A-100' }, traceId }),
        event(4, { joins: { orderId: 'A-200' }, traceId }),
      ),
    ).toEqual(['1 3', '2 4']);
  });

  test('an event that carries only what two orders share is listed in both', async () => {
    const shared = { paymentId: 'pay-77' };
    expect(
      await membersOf(
        event(1, { joins: { orderId: 'A-100', ...shared } }),
        event(2, { joins: { orderId: 'A-200', ...shared } }),
        event(3, { joins: shared }),
      ),
    ).toEqual(['1 3', '2 3']);
  });

  test('an event that carries only a context which two orders share is listed with the nearer', async () => {
    const shared = { correlationId: 'c-77' };
    expect(
      await membersOf(
        event(1, { joins: { orderId: 'A-100', ...shared } }),
        event(9, { joins: { orderId: 'A-200', ...shared } }),
        event(2, { joins: shared }),
      ),
    ).toEqual(['1 2', '9']);
  });

  test('what happens to something that several flows share is listed with the flow that named it last', async () => {
    const policy = { policyNumber: 'POL-123' };
    expect(
      await membersOf(
        event(1, { joins: { claimId: 'C-100', ...policy } }),
        event(2, { joins: { ...policy, correlationId: 'rpc-1' } }),
        event(3, { joins: { ...policy, correlationId: 'rpc-1' } }),
        event(90, { joins: { claimId: 'C-200', ...policy } }),
      ),
    ).toEqual(['1 2 3', '2 3', '90']);
  });

  test('it is told by anything else of that flow that happened then, by the clock of its producer if that is known', async () => {
    const policy = { policyNumber: 'POL-123' };
    const asks = { joins: { ...policy, correlationId: 'rpc-1' } };
    const found = await membersOf(
      event(1, { at: 5_000, joins: { claimId: 'C-100', ...policy } }),
      event(2, { at: 1_001, joins: { claimId: 'C-100' }, by: 'claims' }),
      event(3, { at: 3_000, joins: { claimId: 'C-200', ...policy } }),
      event(4, { at: 4_000, joins: { claimId: 'C-200' }, by: 'claims' }),
      event(5, { at: 1_000, ...asks, by: 'claims' }),
      event(6, { at: 3_000, ...asks, by: 'policies' }),
    );
    expect(found).toEqual(['1 2 5 6', '3 4', '5 6']);
  });

  test('a flow whose own look-up is known takes no other from afar', async () => {
    const policy = { policyNumber: 'POL-123' };
    const found = await membersOf(
      event(1, { at: 1_000, joins: { claimId: 'C-100', ...policy } }),
      event(2, { at: 1_001, joins: { ...policy, correlationId: 'rpc-1' } }),
      event(3, { at: 1_002, joins: { ...policy, correlationId: 'rpc-1' } }),
      event(4, { at: 90_000, joins: { claimId: 'C-200', ...policy } }),
      // The claim that they were made for did not say so, or was not observed.
      event(5, { at: 9_000, joins: { ...policy, correlationId: 'rpc-2' } }),
      event(6, { at: 9_001, joins: { ...policy, correlationId: 'rpc-2' } }),
    );
    expect(found).toEqual(['1 2 3', '2 3', '4', '5 6']);
  });

  test('a shipment of two orders is listed with both, and so is all that became of it', async () => {
    expect(
      await membersOf(
        event(1, { joins: { orderId: 'A-100' } }),
        event(2, { joins: { orderId: 'A-200' } }),
        event(3, {
          joins: { shipmentId: 'S-100' },
          lists: [
            ['orderId', 'A-100'],
            ['orderId', 'A-200'],
          ],
        }),
        event(4, { joins: { shipmentId: 'S-100' } }),
      ),
    ).toEqual(['1 3 4', '2 3 4', '3 4']);
  });

  test('a causation id that contradicts the order joins nobody, and its link is not drawn', async () => {
    const traces = await tracesOf(
      event(1, { joins: { orderId: 'A-100' }, ids: ['m-1'] }),
      event(2, { joins: { orderId: 'A-200' }, causes: ['m-1'] }),
      event(3, { causes: ['m-1'] }),
    );
    expect(traces.map(({ members, links }) => [members, links.map((l) => [l.from, l.to])])).toEqual([
      [[1, 3], [[1, 3]]],
      [[2], []],
    ]);
  });

  test('a chain of unlabelled events between two orders is parted at its weakest', async () => {
    expect(
      await membersOf(
        event(1, { joins: { orderId: 'A-100' }, ids: ['m-1'] }),
        event(2, { causes: ['m-1'], joins: { correlationId: 'c-77' } }),
        event(3, { joins: { orderId: 'A-200', correlationId: 'c-77' } }),
      ),
    ).toEqual(['1 2', '3']);
  });

  test('a batch is listed with each of its orders and merges none', async () => {
    const lists: [string, string][] = ['A-100', 'A-200', 'A-300'].map((id) => ['orderId', id]);
    const orders = ['A-100', 'A-200', 'A-300'].map((orderId, i) => event(i + 1, { joins: { orderId } }));
    const batch = event(4, { lists });
    expect(await membersOf(...orders, batch)).toEqual(['1 4', '2 4', '3 4']);
    expect(await membersOf(batch, ...orders)).toEqual(['1 4', '2 4', '3 4']);
    expect(await membersOf(batch)).toEqual(['4']);
    const named = event(4, { lists, joins: { manifestId: 'M-100' } });
    expect(await membersOf(...orders, named)).toEqual(['1 4', '2 4', '3 4', '4']);
  });

  test('a value that ties too many ties nobody; what it had joined is taken apart', async () => {
    const one = assembler({ hubCaps: { process: 100, other: 3 } });
    const published = new Published();
    const carrier = (seq: number) =>
      event(seq, { joins: { deviceId2: 'hub-77', orderId: `A-10${seq % 2}` } });
    const loose = (seq: number) => event(seq, { joins: { tenantRun: 'hub-77' } });
    await one.add([loose(1), loose(2), loose(3)]);
    published.apply(one.takeChanges());
    expect(published.members()).toEqual(['1 2 3']);
    await one.add([carrier(4), carrier(5), carrier(6)]);
    published.apply(one.takeChanges());
    expect(published.members()).toEqual(['1', '2', '3', '4 6', '5']);
  });
});

describe('links', () => {
  const consumes = (on: EventFacts['channel'], consumer: string) => ({
    kind: 'subscription' as const,
    channel: on,
    consumer,
  });

  async function linksOf(events: readonly EventFacts[], ...subscriptions: ReturnType<typeof consumes>[]) {
    const one = assembler();
    one.setSubscriptions('c', subscriptions);
    await one.add(events);
    return one.takeChanges().upserted.flatMap((trace) => trace.links);
  }

  test('a causation header is proof, and says so', async () => {
    expect(await linksOf([event(1, { ids: ['m-1'] }), event(2, { causes: ['m-1'] })])).toEqual([
      {
        from: 1,
        to: 2,
        evidence: 'causation-header',
        confidence: 1,
        why: "causation-id names that event's id m-1",
      },
    ]);
  });

  test('who was handed a message may have acted on it, whatever the brokers have told of their consumers so far', async () => {
    const [orders, paid] = [channel('orders'), channel('payments', 'rabbitmq')];
    const joins = { orderId: 'A-100' };
    const one = assembler();
    one.setSubscriptions('c', [consumes(orders, 'payments')]);
    await one.add([
      event(1, { on: orders, by: 'storefront', joins }),
      event(2, { on: paid, by: 'fraud', joins: { ...joins, paymentId: 'P-100' } }),
      event(3, { on: paid, by: 'payments', joins: { ...joins, paymentId: 'P-100' } }),
    ]);
    const causeOfThird = () => {
      const links = one.takeChanges().upserted.flatMap((trace) => trace.links);
      return links.filter(({ to }) => to === 3).map(({ from }) => from);
    };
    expect(causeOfThird()).toEqual([1]);
    one.noteDelivery('e2', 'payments-service');
    expect(causeOfThird()).toEqual([2]);
    one.noteDelivery('e2', 'payments-service');
    expect(one.takeChanges().upserted).toEqual([]);
  });

  test('a delivery may be told before the event itself', async () => {
    const [orders, stock] = [channel('orders'), channel('stock')];
    const joins = { orderId: 'A-100' };
    const events = [
      event(1, { on: orders, by: 'storefront', joins }),
      event(2, { on: stock, by: 'inventory', joins }),
    ];
    const one = assembler();
    one.noteDelivery('e1', 'inventory');
    await one.add(events);
    const [link] = one.takeChanges().upserted.flatMap((trace) => trace.links);
    expect(link?.why).toContain('inventory was handed it');
  });

  test('a reply answers the one message whose id it carries; an id that a whole flow carries answers nothing', async () => {
    const request = event(1, { ids: ['m-1'] });
    const reply = event(2, { repliesTo: 'm-1', joins: { correlationId: 'm-1' } });
    const next = event(3, { repliesTo: 'm-1', joins: { correlationId: 'm-1' } });
    expect((await linksOf([request, reply])).map((l) => [l.from, l.to, l.evidence])).toEqual([
      [1, 2, 'reply-to'],
    ]);
    expect((await linksOf([request, reply, next])).map((l) => l.evidence)).toEqual([
      'key-and-time',
      'key-and-time',
    ]);
  });

  test('the same message id twice is a duplicate, and causes nothing', async () => {
    const joins = { orderId: 'A-100' };
    const links = await linksOf([
      event(1, { joins, ids: ['m-1'], type: 'OrderPlaced' }),
      event(2, { joins, ids: ['m-1'], type: 'OrderPlaced' }),
      event(3, { joins }),
    ]);
    expect(links.map((l) => [l.from, l.to, l.evidence])).toEqual([
      [1, 2, 'duplicate'],
      [1, 3, 'key-and-time'],
    ]);
  });

  test('inferred: the latest on a channel that the producer consumes, by whatever form of its name', async () => {
    const joins = { orderId: 'A-100' };
    const orders = channel('orders');
    const [first, second] = await linksOf(
      [
        event(1, { joins, on: orders, by: 'storefront' }),
        event(2, { joins, on: channel('inventory'), by: 'inventory' }),
        event(3, { joins, on: payments, by: 'payments' }),
      ],
      consumes(orders, 'payments-service'),
      consumes(orders, 'inventory-group'),
    );
    expect(first).toMatchObject({ from: 1, to: 2 });
    expect(second).toEqual({
      from: 1,
      to: 3,
      evidence: 'key-and-time',
      confidence: 0.8,
      why: 'payments-service consumes orders, both carry orderId=A-100, 200 ms before',
    });
  });

  test('inferred through an exchange to the consumers of its queue', async () => {
    const joins = { orderId: 'A-100' };
    const one = assembler();
    const queue = { ...payments, name: 'billing.charges', kind: 'queue' as const };
    one.setSubscriptions(
      'c',
      [consumes(queue, 'ledger')],
      [{ kind: 'binding', channel: payments, to: 'billing.charges', toKind: 'queue' }],
    );
    await one.add([
      event(1, { joins, on: payments, by: 'payments' }),
      event(2, { joins, on: channel('fraud'), by: 'fraud' }),
      event(3, { joins, on: channel('ledger'), by: 'ledger' }),
    ]);
    const links = one.takeChanges().upserted.flatMap((trace) => trace.links);
    expect(links.find((l) => l.to === 3)).toMatchObject({ from: 1, confidence: 0.8 });
  });

  test('inferred: without consumers the nearest with the most specific value in common', async () => {
    const links = await linksOf([
      event(1, { joins: { orderId: 'A-100', paymentId: 'pay-77' } }),
      event(2, { joins: { orderId: 'A-100' } }),
      event(3, { joins: { orderId: 'A-100', paymentId: 'pay-77' } }),
    ]);
    expect(links.map((l) => [l.from, l.to, l.confidence])).toEqual([
      [1, 2, 0.5],
      [1, 3, 0.5],
    ]);
  });

  test('nothing is inferred for an event that names a cause which was not seen', async () => {
    const joins = { orderId: 'A-100' };
    expect(await linksOf([event(1, { joins }), event(2, { joins, causes: ['m-9'] })])).toEqual([]);
  });

  test('cycles and self-links in what messages say are not drawn', async () => {
    const links = await linksOf([
      event(1, { ids: ['m-1'], causes: ['m-2'] }),
      event(2, { ids: ['m-2'], causes: ['m-1'] }),
      event(3, { ids: ['m-3'], causes: ['m-3'] }),
    ]);
    expect(links.map((l) => [l.from, l.to])).toEqual([[1, 2]]);
  });
});

describe('as events come', () => {
  const placed = event(5, { joins: { orderId: 'A-100' } });
  const paid = event(7, { joins: { paymentId: 'pay-77' } });
  const bridge = event(9, { joins: { orderId: 'A-100', paymentId: 'pay-77' } });

  test('two traces that turn out to be one keep the older name, and the other redirects', async () => {
    const one = assembler();
    await one.add([placed, paid]);
    expect(one.takeChanges().upserted.map((t) => t.summary.id)).toEqual(['t5', 't7']);
    await one.add([bridge]);
    const { upserted, removed, watermark } = one.takeChanges();
    expect(upserted.map((t) => [t.summary.id, t.members])).toEqual([['t5', [5, 7, 9]]]);
    expect(removed).toEqual([{ id: 't7', into: 't5' }]);
    expect(watermark).toBe(9);
    expect(one.takeChanges()).toEqual({ upserted: [], removed: [], watermark: 9 });
  });

  test('an order that turns out to be two splits, and the later gets a name of its own', async () => {
    const one = assembler();
    const traced = { correlationId: 'c-77' };
    await one.add([event(1, { joins: traced }), event(2, { joins: { ...traced, orderId: 'A-100' } })]);
    expect(one.takeChanges().upserted.map((t) => t.members)).toEqual([[1, 2]]);
    await one.add([event(3, { joins: { ...traced, orderId: 'A-200' } })]);
    const { upserted, removed } = one.takeChanges();
    expect(upserted.map((t) => [t.summary.id, t.members])).toEqual([
      ['t2', [1, 2]],
      ['t3', [3]],
    ]);
    expect(removed).toEqual([{ id: 't1', into: 't2' }]);
  });

  test('a failure marks the trace, before and after the event came', async () => {
    const one = assembler();
    await one.markFailed('e7');
    await one.add([placed, paid]);
    const before = one.takeChanges().upserted.map((t) => [t.summary.id, t.summary.failed] as const);
    expect(before.sort(([a], [b]) => a.localeCompare(b))).toEqual([
      ['t5', false],
      ['t7', true],
    ]);
    await one.markFailed('e5');
    expect(one.takeChanges().upserted.map((t) => [t.summary.id, t.summary.failed])).toEqual([['t5', true]]);
  });

  test('the same event again changes nothing', async () => {
    const one = assembler();
    await one.add([placed]);
    one.takeChanges();
    await one.add([placed]);
    expect(one.takeChanges().upserted).toEqual([]);
  });

  test('the payload of an event is not kept in memory', async () => {
    const one = assembler();
    const whole = { ...placed, payload: { text: 'secret' } };
    await one.add([whole]);
    expect(JSON.stringify(one.takeChanges())).not.toContain('secret');
  });
});

describe('beyond memory', () => {
  const order = (seq: number, orderId: string) => event(seq, { joins: { orderId } });

  test('old traces are let go, asked for once in a batch when they matter again, and stay failed', async () => {
    const known = createBloom(64);
    const asked: number[][] = [];
    const stored: StoredTrace = { id: 't1', events: [order(1, 'A-100'), order(2, 'A-100')], failed: true };
    const one = assembler({
      known,
      maxOpenEvents: 4,
      lookUp: (hashes) => {
        asked.push([...hashes]);
        return Promise.resolve([stored]);
      },
    });
    await one.add(stored.events);
    one.takeChanges();
    await one.add([order(3, 'A-300'), order(4, 'A-300'), order(5, 'A-300')]);
    one.takeChanges();
    expect(one.openEvents).toBe(3);
    expect(known.has(hashText('A-100'))).toBe(true);
    expect(asked).toEqual([]);

    await one.add([order(6, 'A-100'), order(7, 'A-100'), order(8, 'A-700')]);
    expect(asked).toEqual([[hashText('A-100')]]);
    expect(one.takeChanges().upserted.map((t) => [t.summary.id, t.members, t.summary.failed])).toEqual([
      ['t1', [1, 2, 6, 7], true],
      ['t8', [8], false],
    ]);
  });

  test('what was stored by an earlier run comes back likewise', async () => {
    const known = createBloom(64);
    known.add(hashText('A-100'));
    const stored: StoredTrace = { id: 't1', events: [order(1, 'A-100')] };
    const one = assembler({ known, lookUp: () => Promise.resolve([stored]) });
    await one.add([order(2, 'A-100'), order(3, 'A-200')]);
    expect(one.takeChanges().upserted.map((t) => t.members)).toEqual([[1, 2], [3]]);
  });

  test('a failure that comes late reaches a trace that left memory', async () => {
    const known = createBloom(64);
    known.add(hashText('e1'));
    const stored: StoredTrace = { id: 't1', events: [order(1, 'A-100')] };
    const one = assembler({ known, lookUp: () => Promise.resolve([stored]) });
    await one.markFailed('e1');
    expect(one.takeChanges().upserted.map((t) => [t.summary.id, t.summary.failed])).toEqual([['t1', true]]);
  });
});
