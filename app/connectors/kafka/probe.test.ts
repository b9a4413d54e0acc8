import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { probe } from './probe.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

function serve(
  onData: (socket: Socket, data: Buffer) => void,
  onConnect?: (socket: Socket) => void,
): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => onData(socket, data));
    onConnect?.(socket);
  });
  servers.push(server);
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
}

const ask = async (port: number, tls = false) =>
  probe({ host: '127.0.0.1', port }, tls ? {} : undefined, 'test', 400);

it.each([
  ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', /web server/],
  ['Redis', "-ERR unknown command ''\r\n", /Redis/],
  ['RabbitMQ', 'AMQP\0\0\x09\x01', /RabbitMQ/],
  ['a TLS listener', '\x15\x03\x03\0\x02\x02\x46', /speaks TLS/],
  ['something else', '\0\0\0\x06hello!', /not answer in Kafka/],
])('knows %s by its answer', async (_name, answer, message) => {
  const port = await serve((socket) => socket.write(Buffer.from(answer, 'latin1')));
  await expect(ask(port)).rejects.toMatchObject({ code: 'wrong-protocol', retryable: false, message });
  await expect(ask(port)).rejects.toThrow(message);
});

it('gives up on who never answers, and on who closes, and may be tried again', async () => {
  const silent = await serve(() => undefined);
  await expect(ask(silent)).rejects.toMatchObject({ code: 'wrong-protocol', retryable: true });
  const closing = await serve(
    () => undefined,
    (socket) => socket.destroy(),
  );
  await expect(ask(closing)).rejects.toMatchObject({
    code: expect.stringMatching(/wrong-protocol|lost/) as string,
    retryable: true,
  });
  await expect(ask(silent, true)).rejects.toMatchObject({ code: 'wrong-protocol' });
});

it('says that nobody is there, or that the host is not known', async () => {
  await expect(ask(1)).rejects.toMatchObject({ code: 'unreachable' });
  await expect(
    probe({ host: 'no-such-host.invalid', port: 9092 }, undefined, 'test', 2_000),
  ).rejects.toMatchObject({
    code: 'host-not-found',
  });
});

it('reads which ways of authentication are offered', async () => {
  const frame = (body: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(body.length);
    return Buffer.concat([size, body]);
  };
  const port = await serve((socket, data) => {
    const correlation = data.subarray(8, 12);
    const isHandshake = data.readInt16BE(4) === 17;
    const body = isHandshake ? Buffer.from('\0\x21\0\0\0\x01\0\x05OTHER', 'latin1') : Buffer.alloc(6);
    const answer = frame(Buffer.concat([correlation, body]));
    // In two pieces, as networks do.
    socket.write(answer.subarray(0, 5));
    setTimeout(() => socket.write(answer.subarray(5)), 5);
  });
  expect(await ask(port)).toEqual({ mechanisms: ['OTHER'] });
});
