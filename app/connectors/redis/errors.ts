import { networkProblem, tlsReason } from '../../base/network-error.ts';
import { describeAnswer, probePort } from '../../base/probe-port.ts';
import { ConnectionError, type ConnectionErrorCode } from '../../model/source.ts';
import type { RedisSettings } from './options.ts';

const at = (s: RedisSettings) => `${s.host}:${s.port}`;
const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Translates what connecting failed with. Looks at the port where the protocol seems to be a wrong one. */
export async function connectError(error: unknown, s: RedisSettings): Promise<ConnectionError> {
  if (error instanceof ConnectionError) return error;
  const make = (code: ConnectionErrorCode, what: string, remedy: string) =>
    new ConnectionError(code, what, remedy, { cause: error });
  switch (networkProblem(error)) {
    case 'unreachable':
      return make(
        'unreachable',
        `Nothing listens at ${at(s)}.`,
        'Check host and port, and that Redis runs. Its port is usually 6379.',
      );
    case 'host-not-found':
      return make(
        'host-not-found',
        `The host ${s.host} is not known.`,
        'Check the spelling and your network or VPN.',
      );
    case 'tls':
      return make(
        'tls',
        `TLS with ${at(s)} failed: ${tlsReason(error)}.`,
        'Add ?ca=/path/to/ca.pem to the URL, with the certificate of the authority that signed it, and use the host name that it was made for.',
      );
    case 'wrong-protocol':
      return make(
        'wrong-protocol',
        `${at(s)} does not speak TLS.`,
        'Use redis:// for this port, or the TLS port.',
      );
    case 'timeout':
    case undefined:
  }
  const refused = replyError(error, s);
  if (refused) return refused;
  const answer = await probePort(s.host, s.port);
  if (answer === 'redis' && s.tls) {
    return make(
      'wrong-protocol',
      `${at(s)} speaks the Redis protocol without TLS.`,
      'Use redis:// for this port, or the TLS port.',
    );
  }
  if (answer === 'redis') {
    return make(
      'unreachable',
      `Redis at ${at(s)} ended the connection.`,
      'Try again; it may have reached its maxclients, or be restarting.',
    );
  }
  if (answer === 'silent' && networkProblem(error) === 'timeout') {
    return make(
      'timeout',
      `${at(s)} did not answer in time.`,
      'Check that this is Redis, and that it is not overloaded or blocked by a firewall.',
    );
  }
  return make(
    'wrong-protocol',
    `${at(s)} does not speak the Redis protocol. ${describeAnswer(answer)}`,
    answer === 'tls' ? 'Use rediss:// for this port.' : 'Check the port: Redis is usually at 6379.',
  );
}

/** Translates a command's failure, `what` saying what it was for: `read the stream orders`. */
export function commandError(error: unknown, s: RedisSettings, what: string): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return replyError(error, s, what) ?? lostError(s, `could not ${what}: ${textOf(error)}`, error);
}

/** Whether Redis itself answered with an error, so that the connection is fine. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** What an error reply of Redis says; undefined for what is none. */
function replyError(error: unknown, s: RedisSettings, what = 'connect'): ConnectionError | undefined {
  if (!isReply(error)) return undefined;
  const message = textOf(error);
  const user = s.user ?? 'default';
  const make = (code: ConnectionErrorCode, text: string, remedy: string, retryable?: boolean) =>
    new ConnectionError(code, text, remedy, { cause: error, retryable });
  if (/^ERR.*(without any password|no password is set)/.test(message)) {
    return make(
      'authentication',
      `Redis at ${at(s)} wants no password, and was given one.`,
      'Leave the password out, or check that this is the server that you mean.',
    );
  }
  if (/^(NOAUTH|WRONGPASS|ERR invalid password)/.test(message)) {
    return make(
      'authentication',
      s.password === undefined
        ? `Redis at ${at(s)} asks for a password.`
        : `Redis at ${at(s)} refuses the user ${user} or the password.`,
      'Check user and password.',
    );
  }
  if (message.startsWith('NOPERM')) {
    const command = /'([^']+)' command/.exec(message)?.[1];
    return make(
      'authorization',
      command
        ? `The user ${user} may not run ${command.toUpperCase()} at ${at(s)}, which is needed to ${what}.`
        : `The user ${user} may not ${what} at ${at(s)}.`,
      command
        ? `An administrator can allow it: ACL SETUSER ${user} +${command.replace(' ', '|')}`
        : `An administrator can allow it: ACL SETUSER ${user} %R~<key> &<channel>`,
    );
  }
  if (/^(LOADING|BUSY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)/.test(message)) {
    return make(
      'unreachable',
      `Redis at ${at(s)} is not ready: ${message}`,
      'Headwater tries again by itself.',
    );
  }
  if (/^(MOVED|CROSSSLOT|ASK)/.test(message)) {
    return make(
      'unsupported',
      `${at(s)} is a node of a Redis cluster, which Headwater does not follow yet.`,
      'Read from a server that is no cluster.',
    );
  }
  if (/DB index|invalid DB|SELECT is not allowed/i.test(message)) {
    return make(
      'not-found',
      `Redis at ${at(s)} has no database ${s.db}.`,
      'Check the number at the end of the URL; most servers use 0.',
    );
  }
  if (/max number of clients/.test(message)) {
    return make(
      'unreachable',
      `Redis at ${at(s)} accepts no further client.`,
      'Raise maxclients, or try later.',
    );
  }
  return make(
    'internal',
    `Redis at ${at(s)} could not ${what}: ${message}.`,
    'See the log of the server.',
    true,
  );
}

/** The connection that was open is gone. */
export function lostError(s: RedisSettings, why: string, cause?: unknown): ConnectionError {
  return new ConnectionError(
    'lost',
    `The connection to Redis at ${at(s)} was lost: ${why}.`,
    'Headwater connects again by itself. Streams go on where they were; pub/sub messages of the meantime cannot be read again.',
    { cause },
  );
}
