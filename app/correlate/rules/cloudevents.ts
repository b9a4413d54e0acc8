import type { RuleSet } from './rule.ts';

/** Binary mode; structured mode is recognised by its envelope, in payload.ts. Extensions are read by the generic names. */
export const cloudEvents: RuleSet = {
  framework: 'CloudEvents',
  source: 'https://github.com/cloudevents/spec (Kafka and AMQP protocol bindings 1.0.2)',
  prefixes: ['ce_', 'ce-', 'cloudEvents:', 'cloudEvents_'],
  prefixed: {
    id: { as: 'id' },
    type: { as: 'type' },
    source: { as: 'producer' },
    subject: { as: 'subject' },
    partitionkey: { as: 'subject' },
    traceparent: { as: 'traceparent' },
    correlationid: { as: 'correlation', name: 'correlationId' },
    causationid: { as: 'cause', evidence: 'causation-header' },
  },
};
