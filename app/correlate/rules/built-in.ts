import amqp from './amqp.json' with { type: 'json' };
import axon4 from './axon-4.json' with { type: 'json' };
import axon5 from './axon-5.json' with { type: 'json' };
import b3 from './b3.json' with { type: 'json' };
import bullmq from './bullmq.json' with { type: 'json' };
import celeryOnRedis from './celery-on-redis.json' with { type: 'json' };
import celery from './celery.json' with { type: 'json' };
import cloudEventsStructured from './cloudevents-structured.json' with { type: 'json' };
import cloudEvents from './cloudevents.json' with { type: 'json' };
import commonNames from './common-names.json' with { type: 'json' };
import datadog from './datadog.json' with { type: 'json' };
import debeziumChangeWithSchema from './debezium-change-with-schema.json' with { type: 'json' };
import debeziumChange from './debezium-change.json' with { type: 'json' };
import debezium from './debezium.json' with { type: 'json' };
import jaeger from './jaeger.json' with { type: 'json' };
import massTransitEnvelope from './masstransit-envelope.json' with { type: 'json' };
import massTransit from './masstransit.json' with { type: 'json' };
import nestJs from './nestjs.json' with { type: 'json' };
import nServiceBus from './nservicebus.json' with { type: 'json' };
import rebus from './rebus.json' with { type: 'json' };
import { ruleSet, type RuleSet } from './rule.ts';
import springAmqp from './spring-amqp.json' with { type: 'json' };
import springKafka from './spring-kafka.json' with { type: 'json' };
import traceContext from './trace-context.json' with { type: 'json' };

/**
 * The rules that come with Headwater, the more trusted first: the first that says what a name means is believed. Those
 * with marks go before those without.
 */
export const builtIn: readonly RuleSet[] = [
  massTransitEnvelope,
  nServiceBus,
  axon5,
  axon4,
  celery,
  celeryOnRedis,
  rebus,
  bullmq,
  nestJs,
  debezium,
  debeziumChange,
  debeziumChangeWithSchema,
  cloudEventsStructured,
  traceContext,
  b3,
  jaeger,
  datadog,
  cloudEvents,
  massTransit,
  springKafka,
  springAmqp,
  amqp,
  commonNames,
].map((file) => ruleSet.parse(file));
