import { expect, test } from 'vitest';
import { createInbox } from './inbox.ts';

test('gives what arrived meanwhile as one batch, in order', async () => {
  const inbox = createInbox<number>();
  inbox.put(1);
  inbox.put(2);
  expect(inbox.size).toBe(2);
  expect(await inbox.take()).toEqual([1, 2]);
  const later = inbox.take();
  inbox.put(3);
  expect(await later).toEqual([3]);
});

test('gives what came before a failure, then fails', async () => {
  const inbox = createInbox<number>();
  inbox.put(1);
  inbox.fail(new Error('lost'));
  inbox.end();
  expect(await inbox.take()).toEqual([1]);
  await expect(inbox.take()).rejects.toThrow('lost');
});

test('ends a waiting reader', async () => {
  const inbox = createInbox<number>();
  const waiting = inbox.take();
  inbox.end();
  expect(await waiting).toEqual([]);
  expect(await inbox.take()).toEqual([]);
});

test('holds a writer back until there is room, and lets it go at the end', async () => {
  const inbox = createInbox<number>();
  inbox.put(1);
  let entered = false;
  const writer = inbox.room(1).then(() => {
    entered = true;
  });
  await Promise.resolve();
  expect(entered).toBe(false);
  await inbox.take();
  await writer;
  inbox.put(2);
  const last = inbox.room(1);
  inbox.end();
  await last;
});
