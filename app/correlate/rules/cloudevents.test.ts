import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const attributes = {
  specversion: '1.0',
  id: 'A234-1234-1234',
  source: '/services/payments',
  type: 'com.example.shop.PaymentDone',
  subject: 'payments/p-7777',
  time: '2026-03-01T10:00:00.5Z',
  correlationid: 'c-4711',
  causationid: 'e-4710',
  orderid: 'A-1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const told = {
  type: 'PaymentDone',
  producer: 'payments',
  ids: ['A234-1234-1234'],
  causes: ['causation-header e-4710'],
  keys: [
    'orderId=A-1',
    'correlationId=c-4711',
    'traceId=4bf92f3577b34da6a3ce929d0e0e4736',
    '(subject=p-7777)',
  ],
  trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
  sentAt: '2026-03-01T10:00:00.500Z',
};

test.each(['ce_', 'ce-', 'cloudEvents:', 'cloudEvents_'])('binary mode with %s', (prefix) => {
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [prefix + name, value]),
  );
  expect(understood({ headers })).toEqual(told);
});

test('structured mode, its data as JSON or in base64', () => {
  expect(understood({ json: attributes })).toEqual(told);
  const { orderid: _, ...rest } = attributes;
  expect(understood({ json: { ...rest, data: { orderId: 'A-1' } } })).toEqual(told);
  expect(understood({ json: { ...rest, data_base64: btoa('{"orderId":"A-1"}') } })).toEqual(told);
});
