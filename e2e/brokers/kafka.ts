import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { requireBroker } from './availability.ts';
import { run } from './command.ts';
import { dockerService } from './docker.ts';
import { BrokerError } from './errors.ts';
import { brokerHandle, startNew, withDetails, type BrokerHandle } from './handle.ts';
import { KAFKA_LIBS } from './kafka-jars.ts';
import { kafkaProperties, KAFKA_USER, type KafkaPorts } from './kafka-properties.ts';
import { nativeProcess, type NativeProcess } from './native-process.ts';
import { withPorts } from './ports.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTlsFiles, type TlsFiles } from './tls.ts';

/** How to start Kafka. */
export interface KafkaOptions {
  /** Adds listeners for SSL, and for SASL PLAIN and SCRAM with and without TLS. Not under Docker. */
  readonly security?: boolean;
}

/** The listeners that ask who is there, and what to tell them. */
export interface KafkaSecurity {
  readonly username: string;
  readonly password: string;
  readonly mechanisms: readonly ['plain', 'scram-sha-256', 'scram-sha-512'];
  /** The certificate authority to trust (PEM file). */
  readonly caFile: string;
  readonly saslPlaintext: string;
  readonly ssl: string;
  readonly saslSsl: string;
}

/** A running single-node Kafka. `bootstrap` is host:port without authentication. */
export interface KafkaBroker extends BrokerHandle {
  readonly bootstrap: string;
  readonly url: string;
  readonly security: KafkaSecurity | undefined;
}

/** Starts Kafka on loopback ports of its own. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaBroker> {
  const via = await requireBroker('kafka');
  return withPorts(5, async ([plain = 0, controller = 0, saslPlain = 0, ssl = 0, saslSsl = 0]) => {
    const ports: KafkaPorts = { plain, controller, saslPlain, ssl, saslSsl };
    const scratch = openScratch('kafka');
    const tls = options.security ? await makeTlsFiles(scratch.dir) : undefined;
    if (tls && via === 'docker')
      throw new BrokerError('Kafka with security needs Java; Docker runs it without.');
    const probe = (): Promise<void> => probeKafka(`127.0.0.1:${plain}`);
    const part =
      via === 'docker'
        ? dockerService('kafka', { KAFKA_PORT: String(plain) }, probe, scratch)
        : await nativeKafka(ports, tls, probe, scratch);
    return startNew(
      withDetails(brokerHandle('kafka', via, [part], scratch), {
        bootstrap: `127.0.0.1:${plain}`,
        url: `kafka://127.0.0.1:${plain}`,
        security: tls && securityOf(ports, tls),
      }),
    );
  });
}

async function nativeKafka(
  ports: KafkaPorts,
  tls: TlsFiles | undefined,
  probe: () => Promise<void>,
  scratch: Scratch,
): Promise<NativeProcess> {
  const properties = join(scratch.dir, 'server.properties');
  writeFileSync(properties, kafkaProperties(ports, scratch.dir, tls));
  const classPath = ['-cp', join(KAFKA_LIBS, '*')];
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${KAFKA_USER.username},password=${KAFKA_USER.password}]`,
  ]);
  const format = [
    'kafka.tools.StorageTool',
    'format',
    '-t',
    randomUUID(),
    '-c',
    properties,
    ...(tls ? scram : []),
  ];
  const { code, output } = await run('java', [
    '-Xshare:auto',
    '-XX:TieredStopAtLevel=1',
    ...classPath,
    ...format,
  ]);
  if (code !== 0) throw new BrokerError(`Kafka's storage could not be formatted: ${output.trim()}`);
  return nativeProcess(
    {
      name: 'Kafka',
      command: 'java',
      args: [
        '-Xmx512m',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        ...classPath,
        'kafka.Kafka',
        properties,
      ],
      logFile: join(scratch.dir, 'kafka.log'),
      probe,
    },
    scratch,
  );
}

async function probeKafka(bootstrap: string): Promise<void> {
  const kafka = new Kafka({
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length === 0) throw new BrokerError('Kafka has no broker yet.');
  } finally {
    await admin.disconnect();
  }
}

function securityOf(ports: KafkaPorts, tls: TlsFiles): KafkaSecurity {
  return {
    ...KAFKA_USER,
    mechanisms: ['plain', 'scram-sha-256', 'scram-sha-512'],
    caFile: tls.ca,
    saslPlaintext: `127.0.0.1:${ports.saslPlain}`,
    ssl: `127.0.0.1:${ports.ssl}`,
    saslSsl: `127.0.0.1:${ports.saslSsl}`,
  };
}
