import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const headers = {
  'rbs2-intent': 'p2p',
  'rbs2-msg-id': '489b6782-ef89-47f4-8c57-b9432a8dff6d',
  'rbs2-return-address': 'billing',
  'rbs2-sender-address': 'billing',
  'rbs2-senttime': '2026-03-01T13:00:00.6222389+03:00',
  'rbs2-msg-type': 'Shop.Messages.ChargeOrder, Shop.Messages',
  'rbs2-corr-id': '0fd126ec-7385-413e-9080-3247bcebd2cb',
  'rbs2-corr-seq': '3',
  'rbs2-content-type': 'application/json;charset=utf-8',
};

test('corr-id goes through the flow; a reply names what it answers', () => {
  const correlation = headers['rbs2-corr-id'];
  expect(
    understood({ headers, properties: { correlation_id: correlation, reply_to: 'billing' } }),
  ).toMatchObject({
    type: 'ChargeOrder',
    producer: 'billing',
    ids: [headers['rbs2-msg-id']],
    causes: [],
    keys: [`correlationId=${correlation}`],
    sentAt: '2026-03-01T10:00:00.622Z',
  });
  expect(understood({ headers: { ...headers, 'rbs2-in-reply-to': 'm-77' } }).causes).toEqual([
    'reply-to m-77',
  ]);
});
