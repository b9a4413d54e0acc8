import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import amqp from 'amqplib';
import { requireBroker } from './availability.ts';
import { dockerService } from './docker.ts';
import { BrokerError } from './errors.ts';
import { brokerHandle, startNew, withDetails, type BrokerHandle, type Runnable } from './handle.ts';
import { nativeProcess } from './native-process.ts';
import { isFree, withPorts } from './ports.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTlsFiles, type TlsFiles } from './tls.ts';
import { epmdCommand, rabbitmqCommand } from './tools.ts';

/** How to start RabbitMQ. */
export interface RabbitmqOptions {
  /** Adds a TLS listener. Not under Docker. */
  readonly security?: boolean;
  /** Password of the administrator `guest`. */
  readonly password?: string;
}

/** A running RabbitMQ with management and streams. The URLs hold the administrator's name and password. */
export interface RabbitmqBroker extends BrokerHandle {
  readonly amqpUrl: string;
  readonly managementUrl: string;
  /** With security: the same over TLS, and the authority to trust (PEM file). */
  readonly tls: { readonly amqpsUrl: string; readonly caFile: string } | undefined;
}

interface Ports {
  readonly amqp: number;
  readonly management: number;
  readonly epmd: number;
  readonly dist: number;
  readonly stream: number;
  readonly amqps: number;
}

/** Starts RabbitMQ on loopback ports of its own, with an epmd of its own. */
export async function startRabbitmq(options: RabbitmqOptions = {}): Promise<RabbitmqBroker> {
  const via = await requireBroker('rabbitmq');
  const password = options.password ?? 'guest';
  const login = `guest:${encodeURIComponent(password)}`;
  return withPorts(6, async ([amqpPort = 0, management = 0, epmd = 0, dist = 0, stream = 0, amqps = 0]) => {
    const ports: Ports = { amqp: amqpPort, management, epmd, dist, stream, amqps };
    const amqpUrl = `amqp://${login}@127.0.0.1:${amqpPort}`;
    const managementUrl = `http://${login}@127.0.0.1:${management}`;
    const scratch = openScratch('rabbitmq');
    const tls = options.security ? await makeTlsFiles(scratch.dir) : undefined;
    if (tls && via === 'docker')
      throw new BrokerError('RabbitMQ with TLS needs rabbitmq-server; Docker runs it without.');
    const probe = (): Promise<void> => probeRabbitmq(amqpUrl, management, login);
    const env = {
      AMQP_PORT: String(amqpPort),
      MANAGEMENT_PORT: String(management),
      RABBITMQ_PASSWORD: password,
    };
    const parts =
      via === 'docker'
        ? [dockerService('rabbitmq', env, probe, scratch)]
        : nativeRabbitmq(ports, password, tls, probe, scratch);
    return startNew(
      withDetails(brokerHandle('rabbitmq', via, parts, scratch), {
        amqpUrl,
        managementUrl,
        tls: tls && { amqpsUrl: `amqps://${login}@127.0.0.1:${amqps}`, caFile: tls.ca },
      }),
    );
  });
}

function nativeRabbitmq(
  ports: Ports,
  password: string,
  tls: TlsFiles | undefined,
  probe: () => Promise<void>,
  scratch: Scratch,
): Runnable[] {
  const file = (name: string): string => join(scratch.dir, name);
  mkdirSync(file('log'));
  writeFileSync(file('rabbitmq.conf'), configuration(ports, password, tls));
  writeFileSync(file('enabled_plugins'), '[rabbitmq_management,rabbitmq_stream].\n');
  const epmdEnv = { ERL_EPMD_PORT: String(ports.epmd), ERL_EPMD_ADDRESS: '127.0.0.1' };
  // Left to itself, Erlang starts epmd as a daemon that outlives it. In the foreground it is ours to end.
  const epmd = nativeProcess(
    {
      name: 'epmd',
      command: epmdCommand(),
      args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
      logFile: file('epmd.log'),
      probe: async () => {
        if (await isFree(ports.epmd)) throw new BrokerError('epmd does not listen yet.');
      },
    },
    scratch,
  );
  const server = nativeProcess(
    {
      name: 'RabbitMQ',
      command: rabbitmqCommand() ?? 'rabbitmq-server',
      args: [],
      env: {
        ...epmdEnv,
        HOME: scratch.dir,
        RABBITMQ_NODENAME: `headwater-${ports.amqp}@localhost`,
        RABBITMQ_DIST_PORT: String(ports.dist),
        RABBITMQ_MNESIA_BASE: file('mnesia'),
        RABBITMQ_LOG_BASE: file('log'),
        RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
        RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins'),
        // Makes the start script become Erlang instead of its parent, so that a signal reaches the server.
        RUNNING_UNDER_SYSTEMD: 'true',
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      },
      logFile: file('rabbitmq.log'),
      probe,
    },
    scratch,
  );
  return [epmd, server];
}

function configuration(ports: Ports, password: string, tls?: TlsFiles): string {
  const secured = tls && [
    `listeners.ssl.1 = 127.0.0.1:${ports.amqps}`,
    `ssl_options.cacertfile = ${tls.ca}`,
    `ssl_options.certfile = ${tls.cert}`,
    `ssl_options.keyfile = ${tls.key}`,
    'ssl_options.verify = verify_none',
    'ssl_options.fail_if_no_peer_cert = false',
  ];
  return [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    `stream.listeners.tcp.1 = 127.0.0.1:${ports.stream}`,
    `default_pass = ${password}`,
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    ...(secured ?? []),
    '',
  ].join('\n');
}

async function probeRabbitmq(amqpUrl: string, managementPort: number, login: string): Promise<void> {
  const connection = await amqp.connect(amqpUrl, { timeout: 2000 });
  await connection.close();
  const authorization = `Basic ${Buffer.from(decodeURIComponent(login)).toString('base64')}`;
  const answer = await fetch(`http://127.0.0.1:${managementPort}/api/overview`, {
    headers: { authorization },
    signal: AbortSignal.timeout(2000),
  });
  if (!answer.ok) throw new BrokerError(`RabbitMQ's management answers ${answer.status}.`);
}
