import { z } from 'zod';
import { ConnectionError } from '../../model/source.ts';

/** A broker's address. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** What may stand in a Kafka URL after the question mark. */
export const kafkaOptions = z.strictObject({
  cluster: z
    .string()
    .optional()
    .describe('Name of this cluster, which tells its topics from those of others'),
  clientId: z
    .string()
    .default('headwater')
    .describe('How Headwater names itself in the brokers’ logs and quotas'),
  mechanism: z.enum(mechanisms).default('plain').describe('How user and password are checked (SASL)'),
  ca: z
    .string()
    .optional()
    .describe('PEM file of the certificate authority that signed the brokers’ certificates'),
  cert: z.string().optional().describe('PEM file of a client certificate, where the brokers ask for one'),
  key: z.string().optional().describe('PEM file of the client certificate’s private key'),
  insecure: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Accepts any certificate: encrypted, but anybody could be answering'),
  passwordEnv: z.string().optional().describe('Environment variable that holds the password'),
  passwordFile: z.string().optional().describe('File that holds the password'),
});

/** A Kafka URL, understood. */
export interface KafkaTarget {
  readonly bootstrap: readonly Address[];
  readonly tls: boolean;
  readonly username?: string;
  readonly options: z.infer<typeof kafkaOptions>;
}

const shape = /^(kafka|kafka\+ssl):\/\/(?:([^@/?#]*)@)?([^/?#]*)\/?(?:\?([^#]*))?(?:#.*)?$/i;
const hostAndPort = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/;

/**
 * Understands `kafka://user@host:9092,host2:9092?mechanism=…`. A password in it is ignored: it comes separately.
 * @throws ConnectionError `invalid-options`, which names the part that is wrong.
 */
export function parseKafkaUrl(url: string): KafkaTarget {
  const match = shape.exec(url);
  if (!match) throw invalid('This is not a Kafka URL.');
  const [, protocol = '', credentials, hosts = '', query = ''] = match;
  const tls = protocol.toLowerCase() === 'kafka+ssl';
  const bootstrap = hosts.split(',').map((host) => parseAddress(host.trim(), tls ? 9093 : 9092));
  const options = kafkaOptions.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!options.success) {
    const [issue] = options.error.issues;
    if (issue?.code === 'unrecognized_keys')
      throw invalid(`The Kafka URL's option “${issue.keys[0]}” is not known.`);
    throw invalid(`The Kafka URL's option “${issue?.path.join('.')}” is wrong: ${issue?.message}.`);
  }
  const user = credentials?.split(':', 1)[0];
  return { bootstrap, tls, username: user ? decode(user) : undefined, options: options.data };
}

function parseAddress(text: string, defaultPort: number): Address {
  const [, host, digits] = hostAndPort.exec(text) ?? [];
  const port = digits === undefined ? defaultPort : Number(digits);
  if (!host || port < 1 || port > 65535) throw invalid(`“${text}” is not host:port.`);
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(message: string): ConnectionError {
  return new ConnectionError(
    'invalid-options',
    message,
    'Write it like kafka://host:9092,host2:9092 or kafka+ssl://user@host:9093?mechanism=scram-sha-512.',
  );
}

/** `host:port`, with brackets around IPv6. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
