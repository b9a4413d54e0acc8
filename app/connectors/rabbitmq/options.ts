import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConnectionError } from '../../model/source.ts';

/** How messages are observed; `auto` takes the firehose where it is allowed. */
export type RabbitmqMode = 'auto' | 'firehose' | 'taps';

/** Query parameters of an AMQP URL. */
export const rabbitmqOptions = z.strictObject({
  cluster: z.string().optional().describe('Name that tells this broker from others'),
  management: z
    .string()
    .optional()
    .describe(
      'URL of the management API, or "none". Default: same host, port 15672 (amqps: https, port 15671)',
    ),
  mode: z
    .enum(['auto', 'firehose', 'taps'])
    .default('auto')
    .describe('firehose sees deliveries too and needs an administrator; taps see what exchanges route'),
  heartbeat: z.coerce.number().int().min(1).max(600).default(8).describe('Seconds between heartbeats'),
  buffer: z.coerce
    .number()
    .int()
    .min(100)
    .max(1_000_000)
    .default(50_000)
    .describe('Messages that the observing queue on the broker holds at most'),
  ca: z.string().optional().describe('PEM file with the certificate authorities to trust'),
  passwordEnv: z.string().optional().describe('Environment variable that holds the password'),
  passwordFile: z.string().optional().describe('File that holds the password'),
});

/** Where and how to connect, taken out of URL and secret. */
export interface RabbitmqSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly vhost: string;
  readonly user: string;
  readonly password: string;
  /** Undefined where the URL says `management=none`. */
  readonly management: URL | undefined;
  readonly mode: RabbitmqMode;
  readonly heartbeat: number;
  readonly buffer: number;
  /** Certificate authorities in PEM. */
  readonly ca: string | undefined;
}

const example = 'amqp://user@host:5672/vhost?management=http://host:15672';

function invalid(message: string, remedy = `Use the form ${example}.`, cause?: unknown): ConnectionError {
  return new ConnectionError('invalid-options', message, remedy, { cause });
}

/**
 * Reads a URL such as `amqp://user@host:5672/vhost?mode=taps`.
 * @throws ConnectionError `invalid-options`, naming what is wrong and never the password.
 */
export function parseRabbitmqUrl(text: string, secret: string | undefined): RabbitmqSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === '') throw invalid('That is not an AMQP URL: it names no host.');
  const tls = url.protocol === 'amqps:';
  if (!tls && url.protocol !== 'amqp:') throw invalid(`RabbitMQ is not reached by ${url.protocol}//.`);
  const parsed = rabbitmqOptions.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`The URL has a wrong option: ${[...(issue?.path ?? []), issue?.message].join(': ')}.`);
  }
  const options = parsed.data;
  const vhost = decode(url.pathname.slice(1));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(url.port) || (tls ? 5671 : 5672),
    tls,
    vhost: vhost === '' ? '/' : vhost,
    user: url.username === '' ? 'guest' : decode(url.username),
    password: secret ?? (url.password === '' && url.username === '' ? 'guest' : decode(url.password)),
    management: managementUrl(options.management, url.hostname, tls),
    mode: options.mode,
    heartbeat: options.heartbeat,
    buffer: options.buffer,
    ca: options.ca === undefined ? undefined : readCa(options.ca),
  };
}

function managementUrl(given: string | undefined, hostname: string, tls: boolean): URL | undefined {
  if (given === 'none') return undefined;
  // A password that goes to the broker under TLS must not go to its management API in the clear.
  if (given === undefined || given === '') {
    return new URL(tls ? `https://${hostname}:15671/` : `http://${hostname}:15672/`);
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid('The option management is not an HTTP URL.', 'Use the form management=http://host:15672.');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      'The option management holds a user or a password.',
      'Leave them out there: the management API is asked with the user of the connection.',
    );
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid(
      `The file ${path}, named by ca, could not be read.`,
      'Check the path and that your user may read it.',
      cause,
    );
  }
}
