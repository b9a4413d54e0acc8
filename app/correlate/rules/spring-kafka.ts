import type { RuleSet } from './rule.ts';

/** Also NestJS's correlation header, which has the same name. */
export const springKafka: RuleSet = {
  framework: 'Spring for Apache Kafka',
  source: 'https://docs.spring.io/spring-kafka/reference/ (KafkaHeaders)',
  headers: {
    kafkacorrelationid: { as: 'correlation', name: 'correlationId' },
    typeid: { as: 'type' },
    kafkadltoriginaltopic: { as: 'dead-letter', part: 'topic' },
    kafkadltoriginalpartition: { as: 'dead-letter', part: 'partition' },
    kafkadltoriginaloffset: { as: 'dead-letter', part: 'offset' },
    kafkaoriginaltopic: { as: 'dead-letter', part: 'topic' },
    kafkaoriginalpartition: { as: 'dead-letter', part: 'partition' },
    kafkaoriginaloffset: { as: 'dead-letter', part: 'offset' },
  },
};
