import { networkProblem, tlsReason } from '../../base/network-error.ts';
import { describeAnswer, probePort } from '../../base/probe-port.ts';
import { ConnectionError } from '../../model/source.ts';
import type { Management } from './management.ts';
import type { RabbitmqSettings } from './options.ts';

const at = (s: RabbitmqSettings) => `${s.host}:${s.port}`;

/** How long connecting and authenticating may take, ms. */
export const connectTimeoutMs = 6_000;

/** Translates what connecting by AMQP failed with. Looks at the port where the protocol seems to be a wrong one. */
export async function connectError(
  error: unknown,
  s: RabbitmqSettings,
  management: Management | undefined,
): Promise<ConnectionError> {
  if (error instanceof ConnectionError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const make = (code: ConstructorParameters<typeof ConnectionError>[0], what: string, remedy: string) =>
    new ConnectionError(code, what, remedy, { cause: error });

  if (/\b403\b|ACCESS.REFUSED/i.test(message)) {
    return make(
      'authentication',
      `RabbitMQ at ${at(s)} refuses the user ${s.user} or the password.`,
      "Check user and password. The user guest may connect from the broker's own machine only.",
    );
  }
  // All that the client tells of what the broker said to opening a virtual host.
  if (/Expected ConnectionOpenOk/.test(message)) return vhostError(error, s, management);
  switch (networkProblem(error)) {
    case 'unreachable':
      return make(
        'unreachable',
        `Nothing listens at ${at(s)}.`,
        'Check host and port, and that RabbitMQ runs. Its AMQP port is usually 5672, or 5671 with TLS.',
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
        'Use amqp:// for this port, or the TLS port, usually 5671.',
      );
    case 'timeout':
    case undefined:
  }
  const answer = await probePort(s.host, s.port);
  if (answer === 'amqp' && s.tls) {
    return make(
      'wrong-protocol',
      `${at(s)} speaks AMQP without TLS.`,
      'Use amqp:// for this port, or the TLS port, usually 5671.',
    );
  }
  if (answer === 'amqp') {
    return make(
      'unreachable',
      `RabbitMQ at ${at(s)} ended the connection: ${message}.`,
      'Try again; see the log of the broker.',
    );
  }
  if (answer === 'silent' && networkProblem(error) === 'timeout') {
    return make(
      'timeout',
      `${at(s)} did not answer in time.`,
      'Check that this is RabbitMQ, and that it is not overloaded or blocked by a firewall.',
    );
  }
  return make(
    'wrong-protocol',
    `${at(s)} does not speak AMQP. ${describeAnswer(answer)}`,
    answer === 'tls'
      ? 'Use amqps:// for this port.'
      : 'Check the port: AMQP is usually at 5672; 15672 is the management API.',
  );
}

/** The connection that was open is gone. */
export function lostError(s: RabbitmqSettings, why: string, cause?: unknown): ConnectionError {
  return new ConnectionError(
    'lost',
    `The connection to RabbitMQ at ${at(s)} was lost: ${why}.`,
    'Headwater connects again by itself; messages published meanwhile cannot be read again.',
    { cause },
  );
}

/** Tells by the management API whether the virtual host is missing, or the user may not use it. */
async function vhostError(
  error: unknown,
  s: RabbitmqSettings,
  management: Management | undefined,
): Promise<ConnectionError> {
  const exists = await management?.vhost().then(
    () => true,
    (thrown: unknown) =>
      thrown instanceof ConnectionError && thrown.code === 'not-found' ? false : undefined,
  );
  if (exists) {
    return new ConnectionError(
      'authorization',
      `The user ${s.user} may not use the virtual host ${s.vhost} at ${at(s)}.`,
      `An administrator can allow it: rabbitmqctl set_permissions -p ${s.vhost} ${s.user} …`,
      { cause: error },
    );
  }
  return new ConnectionError(
    'not-found',
    `RabbitMQ at ${at(s)} has no virtual host ${s.vhost}, or the user ${s.user} may not use it.`,
    'Check the part of the URL after the port; the default virtual host is "/", written as nothing or %2f.',
    { cause: error },
  );
}
