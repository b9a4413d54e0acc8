import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { requireBroker } from './availability.ts';
import { dockerService } from './docker.ts';
import { brokerHandle, startNew, withDetails, type BrokerHandle } from './handle.ts';
import { nativeProcess } from './native-process.ts';
import { withPorts } from './ports.ts';
import { openScratch } from './scratch.ts';
import { makeTlsFiles, type TlsFiles } from './tls.ts';

/** How to start Redis. */
export interface RedisOptions {
  readonly password?: string;
  /** ACL rules as in redis.conf, such as `alice on >secret ~* &* +@all`. Not under Docker. */
  readonly users?: readonly string[];
  /** Adds a TLS port. Not under Docker. */
  readonly security?: boolean;
}

/** A running Redis. The URL holds the password, where there is one. */
export interface RedisBroker extends BrokerHandle {
  readonly url: string;
  /** With security: the same over TLS, and the authority to trust (PEM file). */
  readonly tls: { readonly url: string; readonly caFile: string } | undefined;
}

/** Starts Redis on a loopback port of its own. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisBroker> {
  const via = await requireBroker('redis');
  const login = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
  return withPorts(2, async ([port = 0, tlsPort = 0]) => {
    const scratch = openScratch('redis');
    const url = `redis://${login}127.0.0.1:${port}`;
    const tls = options.security ? await makeTlsFiles(scratch.dir) : undefined;
    const config = join(scratch.dir, 'redis.conf');
    writeFileSync(config, configuration(port, tlsPort, scratch.dir, options, tls));
    const probe = (): Promise<void> => probeRedis(url);
    const env = {
      REDIS_PORT: String(port),
      REDIS_ARGS: options.password === undefined ? '' : `--requirepass ${options.password}`,
    };
    const part =
      via === 'docker'
        ? dockerService('redis', env, probe, scratch)
        : nativeProcess(
            {
              name: 'Redis',
              command: 'redis-server',
              args: [config],
              logFile: join(scratch.dir, 'redis.log'),
              probe,
            },
            scratch,
          );
    return startNew(
      withDetails(brokerHandle('redis', via, [part], scratch), {
        url,
        tls: tls && { url: `rediss://${login}127.0.0.1:${tlsPort}`, caFile: tls.ca },
      }),
    );
  });
}

function configuration(
  port: number,
  tlsPort: number,
  dir: string,
  options: RedisOptions,
  tls?: TlsFiles,
): string {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    'daemonize no',
    'save ""',
    // The log of writes is what lets a restart, and even a kill, keep the data; no fsync, as the machine stays up.
    'appendonly yes',
    'appendfsync no',
    ...(options.password === undefined ? [] : [`requirepass ${JSON.stringify(options.password)}`]),
    ...(options.users ?? []).map((rule) => `user ${rule}`),
    ...(tls
      ? [
          `tls-port ${tlsPort}`,
          `tls-cert-file ${tls.cert}`,
          `tls-key-file ${tls.key}`,
          `tls-ca-cert-file ${tls.ca}`,
          'tls-auth-clients no',
        ]
      : []),
    '',
  ].join('\n');
}

async function probeRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 1000, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
