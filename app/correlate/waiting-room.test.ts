import fc from 'fast-check';
import { expect, test } from 'vitest';
import { event } from './test-events.ts';
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts';

/** Lets an event in that carries three values of its own. */
function enter(room: WaitingRoom, seq: number): void {
  room.enter(event(seq, { joins: { orderId: `A-${seq}` } }), [seq, seq + 0.25, seq + 0.5], [], false);
}

test('who was called out takes no place, however many come and go, also behind one who stays', () => {
  const left: number[] = [];
  const room = createWaitingRoom(1_000, ({ seq }) => left.push(seq));
  enter(room, 1);
  for (let seq = 2; seq < 50_000; seq++) {
    room.makeRoom(1);
    enter(room, seq);
    const found = room.find(seq + 0.25);
    expect(found?.seq).toBe(seq);
    if (found) room.leave(found);
    room.takeUnpublished();
  }
  expect(room.size).toBe(1);
  expect(room.find(1.5)?.seq).toBe(1);
  expect(left).toEqual([]);
  expect(room.capacity).toBe(1024);
});

test('whoever waits is found by each of its values, the newest as many as there is room for, the others left', () => {
  const step = fc.oneof(fc.constant('enter' as const), fc.nat(40));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 12 }), (steps, most) => {
      const left: number[] = [];
      const room = createWaitingRoom(most, ({ seq }) => left.push(seq));
      /** What should be there, oldest first. */
      const waiting: number[] = [];
      let seq = 0;
      for (const one of steps) {
        if (one === 'enter') {
          room.makeRoom(1);
          while (waiting.length >= most) expect(left.at(-1 - (waiting.length - most))).toBe(waiting.shift());
          enter(room, ++seq);
          waiting.push(seq);
          room.takeUnpublished();
        } else {
          const found = room.find(one + 0.5);
          expect(found?.seq).toBe(waiting.includes(one) ? one : undefined);
          if (!found) continue;
          expect(room.leave(found).facts.keys[0]?.value).toBe(`A-${one}`);
          waiting.splice(waiting.indexOf(one), 1);
        }
        expect(room.size).toBe(waiting.length);
        for (const each of waiting) expect(room.find(each)?.seq).toBe(each);
      }
    }),
  );
});

test('who is yet to be published stays, beyond the room there is', () => {
  const room = createWaitingRoom(2, () => expect.unreachable());
  for (let seq = 1; seq <= 3_000; seq++) {
    room.makeRoom(1);
    enter(room, seq);
  }
  expect(room.takeUnpublished()).toHaveLength(3_000);
  expect(room.find(1.25)?.seq).toBe(1);
});
