import { expect, test } from 'vitest';
import type { Json } from '../../model/message.ts';
import { understood } from './test-messages.ts';

const id = '3a7d4b6e-1111-4c3e-9a57-b1c600a35b11';
const headers = {
  lang: 'py',
  task: 'shop.tasks.charge_payment',
  id,
  shadow: 'null',
  eta: 'null',
  group: '9a7d4b6e-4444-4c3e-9a57-b1c600a35b11',
  retries: '0',
  timelimit: '[null,null]',
  root_id: '1a7d4b6e-2222-4c3e-9a57-b1c600a35b11',
  parent_id: '2a7d4b6e-3333-4c3e-9a57-b1c600a35b11',
  argsrepr: '()',
  kwargsrepr: "{'order_id': 'A-1'}",
  origin: 'gen1@pod-1',
};
const body: Json = [[], { order_id: 'A-1' }, { callbacks: null, errbacks: null, chain: null, chord: null }];
const told = {
  type: 'tasks.charge_payment',
  producer: 'pod-1',
  ids: [id],
  causes: [`causation-header ${headers.parent_id}`],
  keys: ['orderId=A-1', `groupId=${headers.group}`, `correlationId=${headers.root_id}`],
};

test('parent_id is the task that called this one; named arguments are what it is about', () => {
  const properties = { correlation_id: id, reply_to: 'b1a1f2c0-0001', content_type: 'application/json' };
  expect(understood({ headers, properties, json: body, system: 'rabbitmq' })).toMatchObject(told);
});

test('on Redis all of that is in the message', () => {
  const json = {
    body: Buffer.from(JSON.stringify({ order_id: 'A-1' })).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers,
    properties: { correlation_id: id, reply_to: 'x', delivery_tag: 'd-1000', body_encoding: 'base64' },
  };
  expect(understood({ json, system: 'redis' })).toMatchObject(told);
});

test('a first task has no parent, and a result answers its task', () => {
  const first = { ...headers, root_id: id, parent_id: 'null' };
  expect(understood({ headers: first, json: body }).causes).toEqual([]);
  const result = { task_id: id, status: 'SUCCESS', result: 1, traceback: null, children: [] };
  expect(understood({ properties: { correlation_id: id }, json: result, system: 'rabbitmq' }).causes).toEqual(
    [`reply-to ${id}`],
  );
});
