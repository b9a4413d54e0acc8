import { bigEndian, uuidBytes, type Data, type Json, type Wire } from '../lines.ts';
import type { Failed, Retried } from '../sent.ts';
import { SECOND } from '../story.ts';
import type { Framework, World } from '../world.ts';

/**
 * Spring for Apache Kafka: JSON with a type header and nothing else that says where it comes from; request and reply by
 * `kafka_correlationId`; @RetryableTopic copies a failed record to retry topics and then to a dead-letter topic.
 */
export const springKafka: Framework = {
  wrap(out, world) {
    const headers: Record<string, Json> = { __TypeId__: `com.acme.${out.domain}.${out.type}` };
    if (out.kind === 'request') {
      const correlation = world.rng.uuid();
      out.meta['correlation'] = correlation;
      headers['kafka_replyTopic'] = `${out.service}-replies`;
      headers['kafka_correlationId'] = uuidBytes(correlation);
    }
    const asked = out.handled?.meta['correlation'];
    if (out.kind === 'reply' && asked) headers['kafka_correlationId'] = uuidBytes(asked);
    const channel = out.kind === 'reply' ? `${out.to}-replies` : `${out.domain}.${out.kind}s`;
    return { place: { system: 'kafka', channel }, key: out.key, headers, payload: out.data };
  },
  failed: retryTopics,
};

const pairs = (headers: Data): [string, Json][] =>
  Object.entries(headers).map(([name, value]) => [name, value ?? '']);

/** Headers of the copy that @RetryableTopic publishes; its own of earlier attempts stay, so that names repeat. */
function retryTopics({ sent, attempt, reason, at, by }: Failed, world: World): Retried {
  const wire = sent.wire as Wire;
  const dead = attempt >= 3;
  const topic = wire.place.channel.replace(/-retry-\d$/, '');
  const delay = SECOND * 2 ** (attempt - 1);
  const before = (wire.headerPairs ?? pairs(wire.headers ?? {})).filter(
    ([name]) => !name.startsWith('kafka_exception'),
  );
  const added: Data = {
    'kafka_original-topic': wire.place.channel,
    'kafka_original-partition': bigEndian(sent.partition ?? 0, 4),
    'kafka_original-offset': bigEndian(Number(sent.offset), 8),
    'kafka_original-timestamp': bigEndian(Math.floor(world.clock(sent.service, sent.at)), 8),
    'kafka_original-timestamp-type': 'CreateTime',
    'kafka_exception-fqcn': 'org.springframework.kafka.listener.ListenerExecutionFailedException',
    'kafka_exception-message': `Listener failed; ${reason}`,
    'retry_topic-attempts': bigEndian(attempt + 1, 4),
    'retry_topic-original-timestamp': bigEndian(Math.floor(world.clock(sent.service, sent.at)), 8),
    'retry_topic-backoff-timestamp': bigEndian(Math.floor(world.clock(by, at) + delay), 8),
  };
  const origin = before.some(([name]) => name === 'kafka_original-topic');
  const kept = pairs(added).filter(([name]) => !origin || !name.startsWith('kafka_original'));
  const channel = dead ? `${topic}-dlt` : `${topic}-retry-${attempt - 1}`;
  return {
    wire: { ...wire, place: { ...wire.place, channel }, headerPairs: [...before, ...kept] },
    meta: sent.meta,
    after: 2,
    waits: delay,
    dead,
  };
}
