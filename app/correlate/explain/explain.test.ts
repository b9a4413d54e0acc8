import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Subscription } from '../../model/delivery.ts';
import { createLinkEdits, type LinkEdit } from '../../model/link-edit.ts';
import type { EventFacts } from '../../model/trace.ts';
import { createAssembler, type Known } from '../assembler.ts';
import { createBloom } from '../bloom.ts';
import { channel, event, Published } from '../test-events.ts';
import { createExplainer } from './explain.ts';

const payments = channel('payments', 'rabbitmq');
const shipments = channel('shipments', 'redis');
const subscriptions = [
  { kind: 'subscription' as const, channel: channel('orders'), consumer: 'payments-service' },
  { kind: 'subscription' as const, channel: payments, consumer: 'shipping' },
];
const edit = (action: LinkEdit['action'], from: string, to: string): LinkEdit => ({
  ...{ kind: 'link-edit', action, from, to, at: 1 },
});

/** What an assembler goes by that was told these subscriptions. */
function known(wiring: readonly Subscription[] = subscriptions, edits: readonly LinkEdit[] = []): Known {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  assembler.setSubscriptions('c', wiring);
  return { ...assembler.known, edits: createLinkEdits(edits) };
}

function explainer(events: readonly EventFacts[], edits: readonly LinkEdit[] = [], other = 256) {
  return createExplainer({
    ...{ events, known: known(subscriptions, edits), hubCaps: { process: 9, other } },
  });
}

const order = [
  event(1, { joins: { orderId: 'ord-1001' }, by: 'shop', type: 'OrderPlaced', at: 0 }),
  event(2, { joins: { orderId: 'ord-1001' }, by: 'shop', type: 'OrderPriced', at: 100 }),
  event(3, { joins: { orderId: 'ord-1001' }, by: 'payments', on: payments, type: 'PaymentTaken', at: 240 }),
  event(4, { joins: { orderId: 'ord-1001' }, by: 'shipping', on: shipments, type: 'Shipped', at: 900 }),
];

describe('why is there a link', () => {
  it('tells the rule, the values and the runner-up of a guess', () => {
    const why = explainer(order).pair('e2', 'e3')!;
    expect(why.link).toMatchObject({ evidence: 'key-and-time' });
    expect(why.answer).toContain('payments-service consumes orders');
    expect(why.reasons.join(' ')).toMatch(/payments-service reads orders.*Both carry orderId=ord-1001/);
    expect(why.values).toMatchObject([
      { name: 'orderId', value: 'ord-1001', ties: true, from: { origin: 'payload', path: 'orderId' } },
    ]);
    expect(why.others).toMatchObject([
      { event: { id: 'e1' }, lost: 'it came earlier, 240 ms before and not 140 ms' },
    ]);
    expect(why.together).toMatchObject({ same: true, chain: [{}, { by: { name: 'orderId' } }] });
  });

  it('tells whose rule it is that a header names the cause, and where that is written', () => {
    const events = [event(1, { ids: ['m-1001'] }), event(2, { causes: ['m-1001'] })];
    const why = explainer(events).pair('e2', 'e1')!;
    expect(why).toMatchObject({
      ...{ from: { id: 'e1' }, to: { id: 'e2' }, link: { evidence: 'causation-header', confidence: 1 } },
      rule: { framework: 'Common names', field: 'causation-id', source: expect.stringContaining('https://') },
      values: [
        { value: 'm-1001', from: { origin: 'message-id' }, to: { origin: 'cause', path: 'causation-id' } },
      ],
    });
  });

  it('says what the user said', () => {
    const why = explainer(order, [edit('add', 'e1', 'e4')]).pair('e1', 'e4')!;
    expect(why).toMatchObject({
      edit: 'add',
      link: { evidence: 'user' },
      answer: expect.stringContaining('You said so'),
    });
    expect(why.reasons.at(-1)).toMatch(
      /^Without what you said there would be no link\. Its publisher shipping/,
    );
  });
});

describe('why is there no link', () => {
  const firstReason = (
    events: readonly EventFacts[],
    a: string,
    b: string,
    edits: LinkEdit[] = [],
    other = 256,
  ) => {
    const why = explainer(events, edits, other).pair(a, b)!;
    expect(why.link).toBeUndefined();
    return why.reasons[0];
  };

  it('another candidate is nearer', () => {
    expect(firstReason(order, 'e1', 'e3')).toMatch(
      /OrderPriced on orders is the likelier cause: it came earlier/,
    );
  });
  it('the publisher is known not to read that channel', () => {
    expect(firstReason(order, 'e2', 'e4')).toBe('Its publisher shipping is known not to read orders.');
  });
  it('a named cause wins', () => {
    const events = [
      ...order.slice(0, 2),
      event(5, { ids: ['m-1'], joins: { orderId: 'ord-1001' }, by: 'audit' }),
      event(6, { causes: ['m-1'], joins: { orderId: 'ord-1001' }, on: payments, by: 'payments' }),
    ];
    expect(firstReason(events, 'e2', 'e6')).toMatch(/says itself where it comes from.*causation-id names/);
  });
  it('the cause that it names is not here', () => {
    const events = [...order, event(5, { causes: ['m-gone'], joins: { orderId: 'ord-1001' }, at: 1_000 })];
    expect(firstReason(events, 'e4', 'e5')).toMatch(/causation-id is m-gone.*was not recorded/);
  });
  it('the user cut it', () => {
    expect(firstReason(order, 'e3', 'e4', [edit('cut', 'e3', 'e4')])).toMatch(/^You cut this link/);
  });
  it('too many lie between', () => {
    const many = Array.from({ length: 60 }, (_, i) => event(i + 1, { joins: { orderId: 'ord-1001' } }));
    const why = explainer(many).pair('e1', 'e60');
    // More than nine carry it: within the cap of this test it would be a hub.
    expect(why!.together.same).toBe(false);
    const few = createExplainer({ events: many, known: known([]) });
    expect(few.pair('e1', 'e60')!.reasons).toEqual([
      '58 events of the trace lie between them, 5.9 s; only the 48 before an event are considered.',
    ]);
  });
  it('two orders share a value, or a hub does, or a customer', () => {
    const apart = [
      event(1, { joins: { orderId: 'ord-1001', paymentId: 'pay-1001' } }),
      event(2, { joins: { orderId: 'ord-1002', paymentId: 'pay-1001' } }),
    ];
    const why = explainer(apart).pair('e1', 'e2')!;
    expect(why.answer).toBe(
      'They are about different things, orderId=ord-1001 and orderId=ord-1002, and are in no trace together. Links run inside a trace only.',
    );
    expect(why.values[0]).toMatchObject({
      name: 'paymentId',
      ties: false,
      text: expect.stringMatching(/different things/),
    });
    const hub = Array.from({ length: 8 }, (_, i) => event(i + 1, { joins: { paymentId: 'pay-1001' } }));
    expect(explainer(hub, [], 4).pair('e1', 'e2')!.values[0]).toMatchObject({
      text: expect.stringMatching(/It is a hub: 8 events or more carry it/),
    });
    const customer = [1, 2].map((n) =>
      event(n, { joins: { orderId: `ord-100${n}` }, lists: [['customerId', 'cu-1001']] }),
    );
    expect(explainer(customer).pair('e1', 'e2')!.values[0]).toMatchObject({
      text: 'Many flows share a customer, so customerId is for searching and joins nobody.',
    });
  });
});

describe('why is an event in a trace', () => {
  const chained = [
    ...order,
    event(5, { joins: { orderId: 'ord-1001', paymentId: 'pay-1001' } }),
    event(6, { joins: { paymentId: 'pay-1001' } }),
    event(7, {
      lists: [
        ['orderId', 'ord-1001'],
        ['orderId', 'ord-1009'],
      ],
    }),
  ];
  it('tells the value, or the way over other events', () => {
    expect(explainer(chained).membership('e3', 't1')).toMatchObject({
      ...{ how: 'joined', answer: 'It carries orderId=ord-1001, as do 4 other events of this trace.' },
      chain: [{ event: { id: 'e3' } }, { event: { id: 'e2' }, by: { value: 'ord-1001' } }],
    });
    expect(explainer(chained).membership('e6', 't1')).toMatchObject({
      ...{ how: 'joined', answer: 'It is tied to those with orderId=ord-1001 over paymentId=pay-1001.' },
      chain: [{ event: { id: 'e6' } }, { event: { id: 'e5' }, by: { name: 'paymentId' } }],
    });
  });
  it('says that a batch is only listed, and that it is not there at all', () => {
    expect(explainer(chained).membership('e7', 't1')).toMatchObject({
      ...{ how: 'listed', answer: expect.stringContaining('names orderId=ord-1001 among others') },
      chain: [{ event: { id: 'e7' } }, { by: { from: { path: 'orderId[]' } } }],
    });
    expect(explainer([...chained, event(8)]).membership('e8', 't1')).toBeUndefined();
    expect(explainer(chained).membership('e99', 't1')).toBeUndefined();
  });
  it('says that you linked it', () => {
    const lone = [...order, event(8, { joins: { orderId: 'ord-1008' } })];
    expect(explainer(lone, [edit('add', 'e4', 'e8')]).membership('e8', 't1')).toMatchObject({
      chain: [{ event: { id: 'e8' } }, { event: { id: 'e4' }, by: { kind: 'user' } }],
    });
  });
});

const pick = (prefix: string, most: number) =>
  fc.integer({ min: 1, max: most }).map((n) => `${prefix}-100${n}`);
const says = fc.record(
  {
    orderId: pick('ord', 3),
    paymentId: pick('pay', 3),
    correlationId: fc.oneof(pick('cor', 2), pick('msg', 4)),
    traceId: pick('trace', 2),
    ids: fc.array(pick('msg', 4), { maxLength: 1 }),
    causes: fc.array(fc.oneof(pick('msg', 4), fc.constant('e2')), { maxLength: 1 }),
    repliesTo: pick('msg', 4),
    lists: fc.array(
      pick('ord', 3).map((value): [string, string] => ['orderId', value]),
      { maxLength: 2 },
    ),
    by: fc.constantFrom('payments', 'shop', 'shipping', 'audit'),
  },
  { requiredKeys: [] },
);
const history = fc
  .array(fc.tuple(says, fc.constantFrom(channel('orders'), payments, shipments), fc.nat(9)), {
    minLength: 1,
    maxLength: 10,
  })
  .map((all) =>
    all.map(([{ orderId, paymentId, correlationId, ...rest }, on, at], i) => {
      const joins = Object.entries({ orderId, paymentId, correlationId }).filter(
        ([, value]) => value !== undefined,
      );
      return event(i + 1, {
        ...rest,
        joins: Object.fromEntries(joins) as Record<string, string>,
        on,
        at: at * 50,
      });
    }),
  );
const name = fc.integer({ min: 1, max: 10 }).map((n) => `e${n}`);
const edits = fc.array(
  fc
    .tuple(fc.constantFrom('confirm' as const, 'add' as const, 'cut' as const), name, name)
    .filter(([, from, to]) => from !== to)
    .map(([action, from, to]) => edit(action, from, to)),
  { maxLength: 3 },
);

test('every link that is published has its explanation, every pair without one a reason, and so every membership', async () => {
  await fc.assert(
    fc.asyncProperty(history, edits, async (events, said) => {
      const assembler = createAssembler({
        lookUp: () => Promise.resolve([]),
        known: createBloom(64),
        hubCaps: { process: 9, other: 4 },
      });
      assembler.setSubscriptions('c', subscriptions);
      await assembler.edit(said);
      await assembler.add(events);
      const traces = [...new Published().apply(assembler.takeChanges()).traces.values()];
      const links = new Set(traces.flatMap((trace) => trace.links.map(({ from, to }) => `${from} ${to}`)));
      const explained = createExplainer({
        ...{ events, known: assembler.known, hubCaps: { process: 9, other: 4 } },
      });
      for (const trace of traces) {
        for (const { from, to, evidence, confidence, why: proof } of trace.links) {
          const why = explained.pair(`e${to}`, `e${from}`, trace.summary.id)!;
          if (why.from.id !== `e${from}`) continue;
          expect(why.link).toEqual({ evidence, confidence, why: proof });
        }
      }
      for (const a of events) {
        for (const b of events) {
          if (a === b) continue;
          const why = explained.pair(a.id, b.id)!;
          const linked = [`${a.seq} ${b.seq}`, `${b.seq} ${a.seq}`].some((pair) => links.has(pair));
          expect(why.link !== undefined).toBe(linked);
          expect(why.reasons.filter((text) => /^[A-Z].*\.$/s.test(text))).not.toEqual([]);
          const together = traces.some(({ members }) => members.includes(a.seq) && members.includes(b.seq));
          expect(why.together.same).toBe(together);
        }
      }
      for (const { members, summary } of traces) {
        for (const { seq, id } of events) {
          expect(explained.membership(id, summary.id) !== undefined).toBe(members.includes(seq));
        }
      }
    }),
    { numRuns: 200 },
  );
}, 30_000);
