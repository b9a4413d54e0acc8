import { tlsReason } from '../../base/network-error.ts';
import { ConnectionError, type ConnectionErrorCode } from '../../model/source.ts';

/** Kafka's error codes that mean something to this connector. */
export const kafkaError = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  topicAuthorization: 29,
  groupAuthorization: 30,
  clusterAuthorization: 31,
  unsupportedSaslMechanism: 33,
  illegalSaslState: 34,
} as const;

const selfSigned = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** How a socket's or kafkajs' error reads to a person. `where` is `host:port`. Already translated errors pass. */
export function translateError(thrown: unknown, where: string): ConnectionError {
  if (thrown instanceof ConnectionError) return thrown;
  const { code, name, type, message } = shapeOf(thrown);
  const make = (kind: ConnectionErrorCode, what: string, remedy: string, retryable?: boolean) =>
    new ConnectionError(kind, what, remedy, { cause: thrown, retryable });

  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return make(
      'host-not-found',
      `The host of ${where} is not known here.`,
      'Check the host name, and VPN or DNS.',
    );
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return make(
      'unreachable',
      `Nothing accepts connections at ${where} (${code}).`,
      'Check that Kafka is running, the port, and that no firewall is in between.',
    );
  if (code === 'ETIMEDOUT' || name === 'KafkaJSRequestTimeoutError' || /timeout|timed out/i.test(message))
    return make(
      'timeout',
      `${where} did not answer in time.`,
      'Check the network and any firewall; the broker may also be overloaded.',
    );
  if (selfSigned.has(code))
    return make(
      'tls',
      `The certificate of ${where} is signed by an authority that is not trusted here (${code}).`,
      'Add ?ca=/path/to/ca.pem with the certificate of its authority (or insecure=true to accept any, at your risk).',
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return make(
      'tls',
      `The certificate of ${where} is made out to another host.`,
      'Use the host name that the certificate names (or insecure=true to accept any, at your risk).',
    );
  if (code === 'CERT_HAS_EXPIRED')
    return make('tls', `The certificate of ${where} has expired.`, 'Renew it on the broker.');
  if (/wrong version number|packet length too long|unexpected message/i.test(message))
    return make('wrong-protocol', `${where} does not speak TLS.`, 'Use kafka:// instead of kafka+ssl://.');
  if (
    code.startsWith('ERR_SSL') ||
    code === 'EPROTO' ||
    /secure TLS connection|\bTLS\b|\balert\b/i.test(message)
  )
    return make(
      'tls',
      `No TLS connection with ${where}: ${plain(tlsReason(thrown))}.`,
      'The broker may demand a client certificate (?cert=…&key=…), or speak no TLS there (kafka:// instead).',
      // A broker that is just going down, or a port forward without its broker, looks the same.
      code === 'ECONNRESET',
    );
  if (name === 'KafkaJSServerDoesNotSupportApiKey')
    return make(
      'wrong-protocol',
      `${where} is a Kafka listener that does not serve clients (a controller, perhaps), or older than Kafka 0.11.`,
      'Use the port of a broker listener, usually 9092.',
    );
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED')
    return make(
      'authentication',
      `${where} did not accept the user name or password.`,
      'Check user, password and the mechanism option (plain, scram-sha-256, scram-sha-512).',
    );
  if (type.endsWith('AUTHORIZATION_FAILED'))
    return make(
      'authorization',
      `The user may not do this at ${where} (${type}).`,
      'Grant READ and DESCRIBE on the topics, and DESCRIBE on groups and the cluster.',
    );
  if (
    name === 'KafkaJSConnectionError' ||
    name === 'KafkaJSConnectionClosedError' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE'
  )
    return make('lost', `The connection to ${where} was closed.`, 'Headwater connects again by itself.');
  return make(
    'internal',
    `Kafka at ${where}: ${plain(message)}`,
    'Headwater tries again; if it stays, please report this message.',
    true,
  );
}

function shapeOf(thrown: unknown): { code: string; name: string; type: string; message: string } {
  const error = (
    typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  ) as Record<string, unknown>;
  const text = (key: string): string => (typeof error[key] === 'string' ? error[key] : '');
  return { code: text('code'), name: text('name'), type: text('type'), message: text('message') };
}

function plain(message: string): string {
  return message.replace(/\s+/g, ' ').trim().slice(0, 200);
}
