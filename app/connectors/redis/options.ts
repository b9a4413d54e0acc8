import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConnectionError } from '../../model/source.ts';

/** Query parameters of a Redis URL. */
export const redisOptions = z.strictObject({
  cluster: z.string().optional().describe('Name that tells this server from others'),
  ca: z.string().optional().describe('PEM file with the certificate authorities to trust'),
  passwordEnv: z.string().optional().describe('Environment variable that holds the password'),
  passwordFile: z.string().optional().describe('File that holds the password'),
});

/** Where and how to connect, taken out of URL and secret. */
export interface RedisSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly db: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Certificate authorities in PEM. */
  readonly ca: string | undefined;
}

function invalid(message: string, remedy?: string, cause?: unknown): ConnectionError {
  return new ConnectionError('invalid-options', message, remedy ?? 'Use the form redis://user@host:6379/0.', {
    cause,
  });
}

/**
 * Reads a URL such as `rediss://user@host:6380/0?ca=/path/ca.pem`.
 * @throws ConnectionError `invalid-options`, naming what is wrong and never the password.
 */
export function parseRedisUrl(text: string, secret: string | undefined): RedisSettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname === '') throw invalid('That is not a Redis URL: it names no host.');
  if (url.protocol === 'redis+sentinel:' || url.protocol === 'redis+cluster:') {
    throw new ConnectionError(
      'unsupported',
      `Headwater does not follow ${url.protocol}// yet.`,
      'Connect to one node with redis://host:port.',
    );
  }
  const tls = url.protocol === 'rediss:';
  if (!tls && url.protocol !== 'redis:') throw invalid(`Redis is not reached by ${url.protocol}//.`);
  const parsed = redisOptions.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`The URL has a wrong option: ${[...(issue?.path ?? []), issue?.message].join(': ')}.`);
  }
  const path = url.pathname.replace(/^\/|\/$/g, '');
  if (!/^\d{0,5}$/.test(path)) throw invalid(`The database has to be a number, as in redis://host:6379/0.`);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || 6379,
    tls,
    db: Number(path),
    user: url.username === '' ? undefined : decode(url.username),
    password: secret ?? (url.password === '' ? undefined : decode(url.password)),
    ca: parsed.data.ca === undefined ? undefined : readCa(parsed.data.ca),
  };
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
