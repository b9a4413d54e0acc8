import { join } from 'node:path';
import type { TlsFiles } from './tls.ts';

/** The ports of one Kafka; the last three are used with security only. */
export interface KafkaPorts {
  readonly plain: number;
  readonly controller: number;
  readonly saslPlain: number;
  readonly ssl: number;
  readonly saslSsl: number;
}

/** The one user that the listeners with authentication know, by PLAIN and by SCRAM. */
export const KAFKA_USER = { username: 'headwater', password: 'headwater-secret' } as const;

const LARGEST_MESSAGE = 20 * 1024 * 1024;

/** The server.properties of a single node that is broker and controller in one. */
export function kafkaProperties(ports: KafkaPorts, dir: string, tls?: TlsFiles): string {
  const listeners: Record<string, readonly [port: number, protocol: string]> = {
    PLAINTEXT: [ports.plain, 'PLAINTEXT'],
    CONTROLLER: [ports.controller, 'PLAINTEXT'],
    ...(tls && {
      SASL_PLAINTEXT: [ports.saslPlain, 'SASL_PLAINTEXT'],
      SSL: [ports.ssl, 'SSL'],
      SASL_SSL: [ports.saslSsl, 'SASL_SSL'],
    }),
  };
  const names = Object.keys(listeners);
  const addresses = names.map((name) => `${name}://127.0.0.1:${listeners[name]?.[0]}`);
  return lines({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: addresses.join(','),
    'advertised.listeners': addresses.filter((address) => !address.startsWith('CONTROLLER')).join(','),
    'listener.security.protocol.map': names.map((name) => `${name}:${listeners[name]?.[1]}`).join(','),
    'log.dirs': join(dir, 'data'),
    'num.partitions': '4',
    'auto.create.topics.enable': 'false',
    // Internal topics of one replica, and few partitions of them: each is a folder to open at every start.
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '8',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '500',
    // After a kill the broker may register again only when its old session has ended, by default after 9 s.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    'message.max.bytes': String(LARGEST_MESSAGE),
    'replica.fetch.max.bytes': String(LARGEST_MESSAGE),
    'log.cleaner.dedupe.buffer.size': '16777216',
    ...(tls && secured(tls)),
  });
}

function secured(tls: TlsFiles): Record<string, string> {
  const { username, password } = KAFKA_USER;
  const modules = 'org.apache.kafka.common.security';
  const plain = `${modules}.plain.PlainLoginModule required user_${username}="${password}";`;
  const scram = `${modules}.scram.ScramLoginModule required;`;
  const perListener = ['sasl_plaintext', 'sasl_ssl'].flatMap((name) => [
    [`listener.name.${name}.plain.sasl.jaas.config`, plain],
    [`listener.name.${name}.scram-sha-256.sasl.jaas.config`, scram],
    [`listener.name.${name}.scram-sha-512.sasl.jaas.config`, scram],
  ]);
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': tls.keystore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': tls.ca,
    ...(Object.fromEntries(perListener) as Record<string, string>),
  };
}

function lines(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
