import type { RuleSet } from './rule.ts';

/** AMQP 0-9-1's basic properties. A correlation id that equals another message's id is a reply to it. */
export const amqp: RuleSet = {
  framework: 'AMQP 0-9-1',
  source: 'https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, https://www.rabbitmq.com/docs/dlx',
  properties: {
    message_id: { as: 'id' },
    correlation_id: { as: 'correlation', name: 'correlationId', replies: true },
    type: { as: 'type' },
    app_id: { as: 'producer' },
  },
  headers: {
    death: { as: 'x-death' },
  },
};
