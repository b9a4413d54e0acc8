import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { networkProblem } from './network-error.ts';
import { probePort, recognise } from './probe-port.ts';

test.each([
  ['HTTP/1.1 400 Bad Request\r\n', 'http'],
  ['+PONG\r\n', 'redis'],
  ['-NOAUTH Authentication required.\r\n', 'redis'],
  ['AMQP\0\0\t\u0001', 'amqp'],
  ['\u0015\u0003\u0003', 'tls'],
  ['SSH-2.0-OpenSSH', 'unknown'],
])('%j is recognised as %s', (text, answer) => {
  expect(recognise(Buffer.from(text, 'latin1'))).toBe(answer);
});

test('a port is asked what it speaks, and nobody there is no error', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await probePort('127.0.0.1', port)).toBe('http');
  expect(await probePort('127.0.0.1', 1)).toBe('closed');
});

test('errors of sockets and TLS are told apart by their codes', () => {
  const coded = (code: string, message = '') => Object.assign(new Error(message), { code });
  expect(networkProblem(coded('ECONNREFUSED'))).toBe('unreachable');
  expect(networkProblem(new AggregateError([coded('ECONNREFUSED')]))).toBe('unreachable');
  expect(networkProblem(coded('ENOTFOUND'))).toBe('host-not-found');
  expect(networkProblem(new Error('connect ETIMEDOUT'))).toBe('timeout');
  expect(networkProblem(coded('SELF_SIGNED_CERT_IN_CHAIN'))).toBe('tls');
  expect(networkProblem(coded('EPROTO', 'ssl3_get_record:wrong version number'))).toBe('wrong-protocol');
  expect(networkProblem(new Error('anything else'))).toBeUndefined();
});
