import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Which protocol answers at a port, as far as its first bytes tell. */
export type Answer = 'http' | 'redis' | 'amqp' | 'tls' | 'unknown' | 'closed' | 'silent';

/** Recognises the first bytes that a server sends after `PING`. */
export function recognise(bytes: Uint8Array): Answer {
  const text = Buffer.from(bytes).toString('latin1');
  if (text.startsWith('HTTP/')) return 'http';
  if (text.startsWith('AMQP')) return 'amqp';
  if (/^(\+PONG|-(ERR|NOAUTH|NOPERM|DENIED|LOADING|MASTERDOWN)\b)/.test(text)) return 'redis';
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03) return 'tls';
  return 'unknown';
}

/**
 * Finds out what answers at a port that did not speak the expected protocol, so that the error can name it: says
 * `PING` and looks at the first bytes, then offers TLS. Never throws; resolves within twice `timeoutMs`.
 */
export async function probePort(host: string, port: number, timeoutMs = 1000): Promise<Answer> {
  const answer = await sayPing(host, port, timeoutMs);
  if (answer !== 'closed' && answer !== 'unknown') return answer;
  return (await speaksTls(host, port, timeoutMs)) ? 'tls' : answer;
}

function sayPing(host: string, port: number, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish('silent'), timeoutMs);
    socket.once('connect', () => socket.write('PING\r\n\r\n'));
    socket.once('data', (bytes) => finish(recognise(bytes)));
    socket.on('error', () => finish('closed'));
    socket.once('close', () => finish('closed'));
  });
}

function speaksTls(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Whoever it is: nothing is sent but the greeting.
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    const finish = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.once('secureConnect', () => finish(true));
    socket.on('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}

/** The protocol in words, for an error: `That port speaks HTTP`. Empty where nothing is known. */
export function describeAnswer(answer: Answer): string {
  switch (answer) {
    case 'http':
      return 'That port speaks HTTP.';
    case 'redis':
      return 'That port speaks the Redis protocol.';
    case 'amqp':
      return 'That port speaks AMQP.';
    case 'tls':
      return 'That port expects TLS.';
    case 'unknown':
      return 'That port speaks another protocol.';
    case 'closed':
      return 'The server closed the connection without an answer.';
    case 'silent':
      return 'The server accepts connections and does not answer.';
  }
}
