import { Redis } from 'ioredis';
import { withTimeout } from '../../base/timeout.ts';
import { commandError, connectError } from './errors.ts';
import type { RedisSettings } from './options.ts';

/** The name under which operators see Headwater's connections. */
const clientName = 'headwater';

/** How long connecting and authenticating may take, ms. */
const connectTimeoutMs = 5_000;
/** A command that takes longer means a lost connection, ms. */
const commandTimeoutMs = 8_000;

/**
 * One connection that does not come back by itself: the pipeline decides about that.
 * @throws ConnectionError
 */
export async function connectRedis(s: RedisSettings, signal?: AbortSignal): Promise<Redis> {
  let last: unknown;
  const redis = new Redis({
    host: s.host,
    port: s.port,
    tls: s.tls ? { ca: s.ca } : undefined,
    lazyConnect: true,
    // The older protocol needs no HELLO, which proxies and restricted users may lack.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    retryStrategy: null,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
  });
  redis.on('error', (error: unknown) => {
    last ??= error;
  });
  const timedOut = () => Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' });
  try {
    await withTimeout(redis.connect(), connectTimeoutMs, timedOut, signal);
    await withTimeout(introduce(redis, s), connectTimeoutMs, timedOut, signal);
    return redis;
  } catch (error) {
    redis.disconnect();
    if (signal?.aborted) throw error;
    throw await connectError(last ?? error, s);
  }
}

/**
 * Not left to the client's own handshake: that goes on in the wrong database, or without the password, when the server
 * refuses them.
 */
async function introduce(redis: Redis, s: RedisSettings): Promise<void> {
  if (s.password !== undefined) {
    const credentials = s.user === undefined ? [s.password] : [s.user, s.password];
    await redis.call('auth', credentials).catch((error: unknown) => {
      // The client's error holds the command with its arguments: the password must not travel on as a cause.
      throw error instanceof Error ? Object.assign(new Error(error.message), { name: error.name }) : error;
    });
  }
  if (s.db !== 0) await redis.select(s.db);
  // A user may lack the right to it; the name is for operators' convenience.
  await redis.client('SETNAME', clientName).catch(() => {});
  await redis.ping();
}

/** Runs a command whose reply is bytes. @throws ConnectionError */
export async function call(
  redis: Redis,
  s: RedisSettings,
  what: string,
  command: string,
  ...args: readonly (string | number | Buffer)[]
): Promise<unknown> {
  try {
    return await redis.callBuffer(command, [...args]);
  } catch (error) {
    throw commandError(error, s, what);
  }
}

/** A reply that is a list, as one. */
export function listOf(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

/** A reply that is a text or a number, as text. */
export function textOf(reply: unknown): string {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8');
  return typeof reply === 'string' || typeof reply === 'number' ? String(reply) : '';
}

/** A flat list of names and values, as a map. */
export function mapOf(reply: unknown): ReadonlyMap<string, unknown> {
  const list = listOf(reply);
  const map = new Map<string, unknown>();
  for (let i = 0; i + 1 < list.length; i += 2) map.set(textOf(list[i]), list[i + 1]);
  return map;
}

/** A number out of such a map; undefined where it is missing or null. */
export function numberOf(reply: unknown): number | undefined {
  const number = typeof reply === 'number' ? reply : Number.parseInt(textOf(reply), 10);
  return Number.isNaN(number) ? undefined : number;
}
