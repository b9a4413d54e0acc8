/** What the connectors say of themselves, shortened. */
export const kinds = [
  {
    system: 'kafka' as const,
    title: 'Kafka',
    protocols: ['kafka', 'kafka+ssl'],
    example: 'kafka://localhost:9092',
    capabilities: { resumes: true, looksBack: true, history: true },
    options: {
      type: 'object',
      properties: {
        mechanism: {
          type: 'string',
          enum: ['plain', 'scram-sha-256', 'scram-sha-512'],
          description: 'How the password is proven',
        },
        ca: { type: 'string', description: 'File with the certificate authority to trust' },
        clientId: { type: 'string', description: 'Name shown to the broker', default: 'headwater' },
      },
    },
  },
  {
    system: 'rabbitmq' as const,
    title: 'RabbitMQ',
    protocols: ['amqp', 'amqps'],
    example: 'amqp://guest@localhost:5672/',
    capabilities: { resumes: false, looksBack: false, history: false },
    options: {
      type: 'object',
      properties: {
        management: { type: 'string', description: 'Address of the management API' },
        firehose: { type: 'boolean', description: 'Use the firehose where it is switched on already' },
        prefetch: { type: 'integer', description: 'Messages in flight', default: 1000 },
      },
    },
  },
  {
    system: 'redis' as const,
    title: 'Redis',
    protocols: ['redis', 'rediss', 'redis+sentinel', 'redis+cluster'],
    example: 'redis://localhost:6379/0',
    capabilities: { resumes: true, looksBack: true, history: true },
    options: {
      type: 'object',
      properties: { block: { type: 'integer', description: 'Milliseconds a read waits' } },
    },
  },
];
