import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventMemory } from './event-memory.ts';
import { delivered, died, published } from './test-support.ts';

const withId = (id: string) => ({ properties: { message_id: id } });

describe('names', () => {
  test('follow from the message id, and count what is published again', () => {
    const memory = createEventMemory('rabbitmq/prod');
    const names = [1, 2, 3].map((now) => memory.publish(published('x', withId('m1')), now).id);
    expect(names).toEqual(['', '#2', '#3'].map((n) => `rabbitmq/prod/payments/m1${n}`));
    const other = createEventMemory('rabbitmq/prod').publish(published('y', withId('m1')), 99);
    expect(other.id).toBe(names[0]);
  });

  test('without one, follow from content and arrival', () => {
    const memory = createEventMemory('rabbitmq/prod');
    const first = memory.publish(published('same'), 1);
    const second = memory.publish(published('same'), 1);
    const third = memory.publish(published('other'), 1);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect(first.id).toMatch(/^rabbitmq\/prod\/payments\/[\w-]{16}@1$/);
  });

  test('of the default exchange hold the queue', () => {
    const seen = published('x', { exchange: '', routingKeys: ['charges'], ...withId('m1') });
    expect(createEventMemory('r').publish(seen, 1).id).toBe('r/(default)/charges/m1');
  });
});

describe('deliveries', () => {
  test.each([
    ['with a message id', withId('m1')],
    ['without', {}],
  ])('find their publish %s', (_, properties) => {
    const memory = createEventMemory('r');
    const seen = published('x', { ...properties, routedQueues: ['charges', 'audit'] });
    const { id } = memory.publish(seen, 1);
    for (const queue of ['charges', 'audit']) {
      expect(memory.follow(delivered(seen, queue), 2)).toMatchObject({ id, isNew: false, deaths: [] });
      expect(memory.follow(delivered(seen, queue, { redelivered: true }), 3)).toMatchObject({
        id,
        isNew: false,
      });
    }
  });

  test('of equal messages belong to each in turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.boolean(), (count, hasId) => {
        const memory = createEventMemory('r');
        const seen = published('same', hasId ? withId('m') : {});
        const ids = Array.from({ length: count }, (_, i) => memory.publish(seen, i).id);
        const handed = ids.map(() => memory.follow(delivered(seen, 'charges'), 99).id);
        expect(handed).toEqual(ids);
      }),
    );
  });

  test('whose publish was never seen begin an event, once', () => {
    const memory = createEventMemory('r');
    const seen = published('x', withId('m1'));
    expect(memory.follow(delivered(seen, 'charges'), 1)).toMatchObject({ id: 'r/payments/m1', isNew: true });
    expect(memory.follow(delivered(seen, 'audit'), 2)).toMatchObject({ id: 'r/payments/m1', isNew: false });
  });

  test('find their publish until it is forgotten', () => {
    const memory = createEventMemory('r', 10);
    const first = published('0', withId('m0'));
    memory.publish(first, 0);
    for (let i = 1; i <= 10; i++) memory.publish(published(`${i}`, withId(`m${i}`)), i);
    expect(memory.follow(delivered(first, 'charges'), 99).isNew).toBe(true);
  });
});

describe('dead letters', () => {
  test.each([
    ['with a message id', { message_id: 'm1', expiration: '60000' }],
    ['without', { expiration: '60000', priority: 3 }],
  ])('are recognised %s, wherever they come by', (_, properties) => {
    const memory = createEventMemory('r');
    const seen = published('x', { properties, headers: { b: 1, a: 'x', CC: ['copy'] } });
    const { id } = memory.publish(seen, 1);
    memory.follow(delivered(seen, 'charges'), 2);
    const { expiration: _gone, ...kept } = properties;
    const dead = {
      ...seen,
      exchange: 'dead',
      properties: kept,
      headers: { CC: ['copy'], a: 'x', b: 1, ...died('charges', 'rejected') },
    };
    const tapped = memory.follow({ ...dead, act: 'dead-letter' }, 3);
    expect(tapped).toMatchObject({
      id,
      isNew: false,
      origin: { exchange: 'payments', routingKey: 'charge' },
      deaths: [
        { queue: 'charges', reason: 'rejected', seconds: 1_700_000_000, client: { queue: 'charges' } },
      ],
    });
    // Told once, though it is seen again when somebody consumes it.
    expect(memory.follow(delivered(dead, 'graveyard'), 4)).toMatchObject({ id, isNew: false, deaths: [] });
  });

  test('that died twice belong to where they were published first', () => {
    const memory = createEventMemory('r');
    const seen = published('x');
    const { id } = memory.publish(seen, 1);
    const [first] = died('charges', 'rejected')['x-death'] as object[];
    const [second] = died('retry', 'expired', 'dead', 'charge')['x-death'] as object[];
    const headers = { ...died('charges', 'rejected'), 'x-death': [second, first] };
    const found = memory.follow(delivered({ ...seen, exchange: 'payments', headers }, 'charges'), 2);
    expect(found).toMatchObject({
      id,
      deaths: [
        { queue: 'charges', reason: 'rejected' },
        { queue: 'retry', reason: 'expired' },
      ],
    });
  });

  test('sent again by an application are events of their own', () => {
    const memory = createEventMemory('r');
    const { id } = memory.publish(published('x'), 1);
    const again = memory.publish(published('x', { headers: died('charges', 'rejected') }), 1);
    expect(again.id).not.toBe(id);
  });
});
