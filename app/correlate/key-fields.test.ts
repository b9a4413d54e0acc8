import { describe, expect, test } from 'vitest';
import type { CorrelationKey } from '../model/event.ts';
import type { Channel } from '../model/message.ts';
import type { EventFacts } from '../model/trace.ts';
import { createAssembler } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { channel, Published } from './test-events.ts';

type Given = Readonly<Record<string, string | readonly [string, CorrelationKey['role']]>>;

/** A recording, written down event by event, a second apart. */
function recording() {
  const events: EventFacts[] = [];
  return {
    events,
    add(on: Channel, type: string, given: Given, key?: string): void {
      const seq = events.length + 1;
      const keys = Object.entries(given).map(([name, said]): CorrelationKey => {
        const [value, role] = typeof said === 'string' ? [said, 'found' as const] : said;
        return { name, value, role, origin: 'payload', path: name };
      });
      const facts = { type, ids: [], causes: [], keys };
      events.push({
        seq,
        id: `e${seq}`,
        channel: on,
        time: seq * 1_000,
        clock: 'producer',
        facts,
        ...(key !== undefined && { key }),
      });
    },
  };
}

async function assembled(events: readonly EventFacts[]) {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  await assembler.add(events);
  const published = new Published().apply(assembler.takeChanges());
  const named = (name: string) =>
    assembler
      .keys()
      .flatMap((group) => group.names)
      .find((key) => key.name === name);
  return { assembler, published, named };
}

const orders = channel('orders');
const mail = channel('mail', 'rabbitmq');
const uuid = (n: number) => `5b44f29d-bda4-40de-9689-${String(n).padStart(12, '0')}`;

describe('fields are judged by who carries their values', () => {
  test('values under odd names that come again in another channel tie its events', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 12; n++) {
      add(orders, 'Placed', { po: `PO-2007${n}` });
      add(mail, 'Sent', { basis: `PO-2007${n}` });
    }
    const { published, named } = await assembled(events);
    expect(published.traces.size).toBe(12);
    expect(named('po')).toMatchObject({ verdict: 'key', joins: 'all', values: 12, tied: 12, channels: 2 });
  });

  test('of two events nobody can tell, unless chance could not have made the values equal', async () => {
    const { events, add } = recording();
    add(orders, 'Placed', { po: 'PO-20077' });
    add(mail, 'Sent', { basis: 'PO-20077' });
    add(orders, 'Placed', { ref: uuid(1) });
    add(mail, 'Sent', { because: uuid(1) });
    const { published, named } = await assembled(events);
    expect(published.members()).toEqual(['1', '2', '3 4']);
    expect(named('po')).toMatchObject({ verdict: 'unsure', joins: 'random' });
  });

  test('values that come again and again in events of one kind, all along, tie nobody', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 60; n++) {
      add(orders, 'Placed', { ref: uuid(n), installation: uuid(900 + (n % 6)) });
      add(mail, 'Sent', { because: uuid(n), installation: uuid(900 + (n % 6)) });
    }
    const { published, named } = await assembled(events);
    expect(published.traces.size).toBe(60);
    expect(named('installation')).toMatchObject({ verdict: 'shared', joins: 'none', recurring: 6 });
  });

  test('also under a name that says it is a key', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 60; n++) {
      add(orders, 'Placed', { orderId: [`ord-${n}00`, 'joins'], gadgetId: [`gad-${n % 6}00`, 'joins'] });
      add(mail, 'Sent', { gadgetId: [`gad-${n % 6}00`, 'joins'], because: `ord-${n}00` });
    }
    const { published, named } = await assembled(events);
    expect(named('gadgetId')).toMatchObject({ sort: 'named', verdict: 'shared', joins: 'none' });
    expect(published.traces.size).toBe(60);
  });

  test('an order with several lines stays a key: most kinds carry it once, and its lines come together', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 40; n++) {
      add(orders, 'Placed', { po: `PO-200${n}` });
      for (let line = 0; line < 4; line++) add(orders, 'LinePicked', { po: `PO-200${n}` });
      add(mail, 'Sent', { basis: `PO-200${n}` });
    }
    const { published } = await assembled(events);
    expect(published.traces.size).toBe(40);
  });

  test('plain numbers under a name that says nothing are only shown', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 12; n++) {
      add(orders, 'Placed', { orderId: [String(1000 + n), 'joins'] });
      add(mail, 'Sent', { for: String(1000 + n) });
      add(mail, 'Billed', { merchantReference: String(1000 + n) });
    }
    const { published, named } = await assembled(events);
    expect(named('for')).toMatchObject({ joins: 'none' });
    // A reference refers to something, and its numbers are those of orders.
    expect(published.of(1)[0]?.members).toEqual([1, 3]);
  });
});

describe('the message’s own key, where the message names other things', () => {
  const recorded = (key: (n: number) => string) => {
    const { events, add } = recording();
    for (let n = 0; n < 12; n++) {
      add(orders, 'Placed', { orderId: [`ord-10${n}`, 'joins'] });
      add(mail, 'Sent', { mailRef: uuid(n), key: [key(n), 'member'] }, key(n));
    }
    return events.map((event) => ({
      ...event,
      facts: {
        ...event.facts,
        keys: event.facts.keys.map((one) =>
          one.name === 'key' ? ({ ...one, origin: 'message-key' } as const) : one,
        ),
      },
    }));
  };

  test('ties it where its values are those of orders', async () => {
    expect((await assembled(recorded((n) => `ord-10${n}`))).published.traces.size).toBe(12);
  });

  test('says how it is partitioned elsewhere', async () => {
    expect((await assembled(recorded((n) => `cust-10${n % 6}`))).published.traces.size).toBe(24);
  });
});

describe('values named like what many flows share', () => {
  const signUps = (type: string) => {
    const { events, add } = recording();
    for (let n = 0; n < 12; n++) {
      add(orders, type, { userId: [uuid(n), 'member'] });
      add(mail, 'WelcomeSent', { userId: [uuid(n), 'member'] });
      add(mail, 'WorkspaceMade', { ownerId: [uuid(n), 'member'], workspaceId: [uuid(100 + n), 'joins'] });
    }
    return { events, add };
  };

  test('are one flow’s where an event says that the thing came into being', async () => {
    const { published, named } = await assembled(signUps('UserRegistered').events);
    expect(published.traces.size).toBe(12);
    expect(named('userId')).toMatchObject({ sort: 'shared-by-name', verdict: 'key', joins: 'all' });
    expect(named('ownerId')).toMatchObject({ joins: 'all' });
  });

  test('are shared where nothing says so', async () => {
    const { published, named } = await assembled(signUps('UserProfileChanged').events);
    expect(published.traces.size).toBe(36);
    expect(named('userId')).toMatchObject({ verdict: 'shared', joins: 'none' });
  });

  test('are shared as soon as they are met in a second flow', async () => {
    const { events, add } = signUps('UserRegistered');
    for (let n = 0; n < 24; n++)
      add(channel('bookings'), 'Placed', { bookRef: uuid(200 + n), userId: [uuid(n % 12), 'member'] });
    const { published } = await assembled(events);
    expect(published.traces.size).toBe(60);
  });
});

describe('names with the same values', () => {
  test('are told as one key, the message key among them', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 20; n++) {
      add(orders, 'Placed', { orderId: [`ord-10${n}`, 'joins'] }, `ord-10${n}`);
      add(mail, 'Sent', { reference: [`ord-10${n}`, 'joins'] });
      add(mail, 'Booked', { aggregateId: [`ord-10${n}`, 'joins'], customerId: [`c-${n % 3}`, 'member'] });
    }
    const { assembler } = await assembled(events);
    const [first, second] = assembler.keys();
    expect(first?.names[0]?.name).toBe('orderId');
    expect(first?.names.map(({ name }) => name).sort()).toEqual([
      'aggregateId',
      'key',
      'orderId',
      'reference',
    ]);
    expect(first?.common).toBe(20);
    expect(second?.names.map(({ name }) => name)).toEqual(['customerId']);
  });
});

describe('what the user says', () => {
  const history = () => {
    const { events, add } = recording();
    for (let n = 0; n < 12; n++) {
      add(orders, 'Placed', { po: `PO-2007${n}`, customerId: [`c-100${n % 2}`, 'member'] });
      add(mail, 'Sent', { basis: `PO-2007${n}`, for: String(1000 + n) });
    }
    return events;
  };
  const said = (name: string, action: 'accept' | 'reject' | 'undo', at: number) =>
    [{ kind: 'key-edit', name, action, at }] as const;

  test('rejected: its values part at once, and what comes is not tied; taken back: they tie again', async () => {
    const { assembler, published, named } = await assembled(history());
    expect(published.traces.size).toBe(12);
    assembler.editKeys(said('po', 'reject', 1));
    published.apply(assembler.takeChanges());
    expect(published.traces.size).toBe(24);
    expect(named('po')).toMatchObject({ said: 'reject', joins: 'none', verdict: 'key' });
    const { events, add } = recording();
    events.push(...history());
    add(orders, 'Paid', { po: 'PO-20070' });
    await assembler.add(events.slice(-1));
    published.apply(assembler.takeChanges());
    expect(published.traces.size).toBe(25);
    assembler.editKeys(said('po', 'undo', 2));
    published.apply(assembler.takeChanges());
    expect(published.traces.size).toBe(12);
  });

  test('accepted: what names alone would never tie is tied', async () => {
    const { assembler, published } = await assembled(history());
    assembler.editKeys(said('customerId', 'accept', 1));
    published.apply(assembler.takeChanges());
    expect(published.traces.size).toBe(2);
  });

  test('an older word that comes later changes nothing', async () => {
    const { assembler, published } = await assembled(history());
    assembler.editKeys(said('po', 'reject', 5));
    assembler.editKeys(said('po', 'accept', 4));
    published.apply(assembler.takeChanges());
    expect(published.traces.size).toBe(24);
  });

  test('also the key of a process can be rejected', async () => {
    const { events, add } = recording();
    for (let n = 0; n < 4; n++) {
      add(orders, 'Placed', { orderId: [`ord-10${n}`, 'joins'] });
      add(mail, 'Sent', { orderId: [`ord-10${n}`, 'joins'] });
    }
    const { assembler, published } = await assembled(events);
    expect(published.traces.size).toBe(4);
    assembler.editKeys(said('orderId', 'reject', 1));
    published.apply(assembler.takeChanges());
    expect(published.traces.size).toBe(8);
  });
});
