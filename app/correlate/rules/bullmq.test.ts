import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const on = 'bull:payments:events';

test('a job’s number counts together with its queue', () => {
  const json = { event: 'active', jobId: '12', prev: 'waiting' };
  expect(understood({ json, on, system: 'redis' })).toMatchObject({
    type: 'active',
    keys: ['jobId=bull:payments:12'],
  });
  expect(understood({ json, on: 'bull:mails:events', system: 'redis' }).keys).toEqual([
    'jobId=bull:mails:12',
  ]);
});

test('what a job returned says what it is about', () => {
  const json = { event: 'completed', jobId: '12', returnvalue: '{"orderId":"A-1"}', prev: 'active' };
  expect(understood({ json, on, system: 'redis' }).keys).toEqual(['orderId=A-1', 'jobId=bull:payments:12']);
});

test('progress is the payload, and the job is in the other fields', () => {
  const headers = { event: 'progress', jobId: '12' };
  expect(understood({ headers, json: { orderId: 'A-1' }, on, system: 'redis' })).toMatchObject({
    type: 'progress',
    keys: ['orderId=A-1', 'jobId=bull:payments:12'],
  });
});

test('a child names its parent by the parent’s key', () => {
  const json = { event: 'added', jobId: '3', parentKey: 'bull:payments:12' };
  expect(understood({ json, on: 'bull:mails:events' }).keys).toEqual([
    'jobId=bull:mails:3',
    'jobId=bull:payments:12',
  ]);
});
