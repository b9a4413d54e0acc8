import type { ConnectionOptions } from 'node:tls';
import { describeAnswer, probePort } from '../../base/probe-port.ts';
import { ConnectionError } from '../../model/source.ts';
import { ByteReader } from './bytes.ts';
import { kafkaError, translateError } from './errors.ts';
import { connectSocket } from './link.ts';
import { addressText, type Address } from './options.ts';

/** What a listener says of itself before anybody authenticates. */
export interface Listener {
  /** The SASL mechanisms that it accepts, upper case; undefined when it wants none. */
  readonly mechanisms?: readonly string[];
}

const apiVersions = { key: 18, version: 0 };
const saslHandshake = { key: 17, version: 1 };

/**
 * Asks the two questions that every Kafka listener answers before authentication: which requests it knows, and which
 * SASL mechanisms. Whatever else listens there gives itself away by its answer, where kafkajs would wait for ever.
 * @throws ConnectionError
 */
export async function probe(
  address: Address,
  tls: ConnectionOptions | undefined,
  clientId: string,
  timeoutMs: number,
): Promise<Listener> {
  const where = addressText(address);
  const exchange = openExchange(address, tls, timeoutMs);
  try {
    await exchange.connected;
    const hello = await exchange.ask(request(apiVersions, 1, clientId));
    if (!isKafka(hello, 1)) throw notKafka(where, hello, tls !== undefined);
    const answer = await exchange.ask(
      request(saslHandshake, 2, clientId, Buffer.from('\0\u0005PLAIN', 'latin1')),
    );
    return { mechanisms: isKafka(answer, 2) ? readMechanisms(answer) : undefined };
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer)) throw translateError(thrown, where);
    throw (await otherProtocol(address, where)) ?? silent(where, thrown, tls !== undefined);
  } finally {
    exchange.close();
  }
}

class NoAnswer extends Error {
  readonly closed: boolean;
  constructor(closed: boolean) {
    super('no answer');
    this.closed = closed;
  }
}

/** One socket on which questions are asked one after the other. */
function openExchange(address: Address, tls: ConnectionOptions | undefined, timeoutMs: number) {
  let received = Buffer.alloc(0);
  let arrived = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  let over: Error | undefined;
  const end = (error: Error): void => {
    over ??= error;
    fail(over);
  };
  let socketConnected = (): void => undefined;
  const connected = new Promise<void>((resolve, reject) => {
    socketConnected = resolve;
    fail = reject;
  });
  const socket = connectSocket(address, tls, () => socketConnected());
  const timer = setTimeout(() => {
    end(
      socket.connecting
        ? Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })
        : new NoAnswer(false),
    );
  }, timeoutMs);
  socket.on('error', end);
  socket.on('close', () => end(new NoAnswer(true)));
  socket.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data]);
    arrived();
  });
  return {
    connected,
    /** The answer's bytes: a whole frame, or whatever came when that is none. */
    ask: (question: Buffer): Promise<Buffer> =>
      new Promise<Buffer>((resolve, reject) => {
        fail = reject;
        arrived = () => {
          const size = received.length >= 4 ? received.readInt32BE(0) : 0;
          const framed = size > 0 && size < 1_000_000;
          if (received.length < 4 || (framed && received.length < 4 + size)) return;
          const answer = received;
          received = Buffer.alloc(0);
          resolve(answer);
        };
        if (over) return reject(over);
        socket.write(question);
      }),
    close: () => {
      clearTimeout(timer);
      socket.destroy();
    },
  };
}

function request(
  api: { key: number; version: number },
  correlation: number,
  clientId: string,
  body?: Buffer,
): Buffer {
  const id = Buffer.from(clientId);
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + id.length + (body?.length ?? 0), 0);
  head.writeInt16BE(api.key, 4);
  head.writeInt16BE(api.version, 6);
  head.writeInt32BE(correlation, 8);
  head.writeInt16BE(id.length, 12);
  return Buffer.concat(body ? [head, id, body] : [head, id]);
}

function isKafka(answer: Buffer, correlation: number): boolean {
  return (
    answer.length >= 10 &&
    answer.readInt32BE(0) === answer.length - 4 &&
    answer.readInt32BE(4) === correlation
  );
}

function readMechanisms(answer: Buffer): readonly string[] | undefined {
  const reader = new ByteReader(answer, 8);
  if (reader.int16() === kafkaError.illegalSaslState) return undefined;
  return reader.array(() => reader.string());
}

/** Who answers like that, by the first bytes. */
function notKafka(where: string, answer: Buffer, tls: boolean): ConnectionError {
  const text = answer.toString('latin1', 0, 64);
  const known = [
    [/^HTTP\//, 'a web server', 'HTTP'],
    [/^-(ERR|NOAUTH|DENIED)|^[+*$]\S*\r\n/, 'Redis', 'the Redis protocol'],
    [/^AMQP/, 'RabbitMQ', 'AMQP'],
    [/^SSH-/, 'an SSH server', 'SSH'],
  ] as const;
  const found = known.find(([pattern]) => pattern.test(text));
  if (found)
    return new ConnectionError(
      'wrong-protocol',
      `${where} is ${found[1]}: it answers in ${found[2]}, not in Kafka's protocol.`,
      'Use the port of a Kafka broker, usually 9092.',
    );
  if (!tls && answer[0] === 0x15 && answer[1] === 0x03)
    return new ConnectionError(
      'wrong-protocol',
      `${where} speaks TLS.`,
      'Use kafka+ssl:// instead of kafka://.',
    );
  return new ConnectionError(
    'wrong-protocol',
    `${where} does not answer in Kafka's protocol.`,
    'Check the port: a Kafka broker usually listens on 9092.',
  );
}

/** Servers that wait for a line never answer a Kafka request; a line they do answer. */
async function otherProtocol(address: Address, where: string): Promise<ConnectionError | undefined> {
  const answer = await probePort(address.host, address.port);
  if (answer !== 'http' && answer !== 'redis' && answer !== 'amqp') return undefined;
  return new ConnectionError(
    'wrong-protocol',
    `${where} is not a Kafka broker. ${describeAnswer(answer)}`,
    'Use the port of a Kafka broker, usually 9092.',
  );
}

function silent(where: string, { closed }: NoAnswer, tls: boolean): ConnectionError {
  const what = closed
    ? 'closed the connection without an answer'
    : 'accepted the connection but did not answer';
  return new ConnectionError(
    'wrong-protocol',
    `${where} ${what} in Kafka's protocol.`,
    tls
      ? 'Check the port; it may also be a listener that demands a client certificate (?cert=…&key=…).'
      : 'Check the port. If the listener expects TLS, use kafka+ssl:// instead of kafka://.',
    // A port forward whose broker is away, or a broker that is just starting, looks the same.
    { retryable: true },
  );
}
