import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const message = {
  'axon-message-id': '6f0c1a00-aaaa-4c3e-9a57-b1c600a35b11',
  'axon-message-type': 'com.shop.orders.api.OrderPlacedEvent',
  'axon-message-timestamp': '\0\0\u0001\u009c',
  'axon-message-aggregate-type': 'Order',
  'axon-message-aggregate-id': 'ord-4711',
  'axon-message-aggregate-seq': '0',
};
const parent = '11111a00-bbbb-4c3e-9a57-b1c600a35b11';
const root = '00001a00-cccc-4c3e-9a57-b1c600a35b11';

test('Axon 4: correlationId is the parent’s id, traceId the first one’s', () => {
  const headers = { ...message, 'axon-metadata-correlationId': parent, 'axon-metadata-traceId': root };
  expect(understood({ headers })).toMatchObject({
    type: 'OrderPlacedEvent',
    ids: [message['axon-message-id']],
    causes: [`causation-header ${parent}`],
    keys: [`correlationId=${root}`, '(subject=ord-4711)'],
    trace: undefined,
  });
});

test('Axon 5: causationId is the parent’s id, correlationId the first one’s', () => {
  const headers = { ...message, 'axon-metadata-correlationId': root, 'axon-metadata-causationId': parent };
  expect(understood({ headers })).toMatchObject({
    causes: [`causation-header ${parent}`],
    keys: [`correlationId=${root}`, '(subject=ord-4711)'],
  });
});

test('other metadata is read by its name', () => {
  expect(understood({ headers: { ...message, 'axon-metadata-orderId': 'ord-1' } }).keys).toContain(
    'orderId=ord-1',
  );
});
