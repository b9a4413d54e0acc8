import type { ChannelChoice, ConnectionDto } from '../../app/contract/page.ts';
import { channels, connection } from './build.ts';

/** Connections in every state that the page must show. */
export function sampleConnections(now: number): ConnectionDto[] {
  return [
    connection({
      id: 'c1',
      name: 'Orders cluster',
      system: 'kafka',
      url: 'kafka://broker-1.prod:9092,broker-2.prod:9092',
      events: 412_903,
      rate: 38.2,
      active: [
        { channel: channels.orders, events: 201_337, rate: 21, gaps: [] },
        { channel: channels.inventory, events: 180_002, rate: 15.6, gaps: [] },
        {
          channel: channels.ledger,
          events: 31_564,
          rate: 1.6,
          gaps: [
            {
              from: now - 7_200_000,
              to: now - 7_080_000,
              count: 1204,
              reason: 'Retention removed them before they were read',
            },
          ],
        },
      ],
      from: 'earliest',
      mask: { fields: ['customer.email', '*.card'], headers: ['authorization'] },
    }),
    connection({
      id: 'c2',
      name: 'Payments',
      system: 'rabbitmq',
      url: 'amqp://headwater@rabbit.prod:5672/shop',
      events: 88_410,
      rate: 6.4,
      active: [
        {
          channel: channels.payments,
          events: 88_000,
          rate: 6.4,
          gaps: [
            {
              from: now - 610_000,
              to: now - 552_000,
              reason: 'The broker was unreachable; RabbitMQ keeps nothing for later',
            },
          ],
        },
        { channel: channels.dead, events: 410, rate: 0, gaps: [] },
      ],
      sideEffects: [
        {
          type: 'queue',
          target: 'headwater.tap.7f3a',
          description: 'Exclusive queue bound to payments; gone on disconnect.',
        },
      ],
      alerts: [{ time: now - 552_000, severity: 'warning', message: 'Reconnected after 58 s.' }],
    }),
    connection({
      id: 'c3',
      name: 'Shipments',
      system: 'redis',
      url: 'redis://redis.prod:6379/0',
      phase: 'reconnecting',
      problem: {
        code: 'unreachable',
        message: 'redis.prod:6379 does not answer (connection refused).',
        remedy:
          'Headwater tries again by itself. See whether the server runs, and whether the port is right.',
      },
      events: 40_221,
      active: [{ channel: channels.shipments, events: 40_221, rate: 0, gaps: [] }],
    }),
    connection({
      id: 'c4',
      name: 'Staging payments',
      system: 'rabbitmq',
      url: 'amqp://reader@rabbit.staging:5672/',
      phase: 'failed',
      problem: {
        code: 'authentication',
        message: 'rabbit.staging:5672 refused the user reader.',
        remedy: 'Type the password again, or ask for a user that may read this vhost.',
      },
      needsSecret: true,
      sideEffects: [
        {
          type: 'tracing',
          target: 'http://rabbit.staging:15672/api/vhosts/%2F',
          description: 'Message tracing (the firehose) is on for the virtual host /.',
          undoByHand: 'rabbitmqctl trace_off -p /',
        },
      ],
    }),
    connection({
      id: 'c5',
      name: 'incident-0412.ndjson',
      system: 'file',
      url: 'incident-0412.ndjson',
      phase: 'done',
      events: 1280,
      from: 'earliest',
      progress: { read: 1284 },
      alerts: Array.from({ length: 8 }, (_, index) => ({
        time: now - 60_000,
        severity: 'warning' as const,
        message: `incident-0412.ndjson, line ${8 - index}: not valid JSON; skipped`,
      })),
    }),
    connection({
      id: 'c6',
      name: 'checkout-outage.hwcap',
      system: 'file',
      url: 'file:checkout-outage.hwcap',
      phase: 'live',
      events: 4_938,
      from: 'earliest',
      capture: {
        created: now - 86_000_000,
        events: 12_345,
        deliveries: 20_118,
        traces: 2_469,
        first: now - 87_300_000,
        last: now - 86_400_000,
        masked: true,
      },
      progress: { read: 4_938, total: 12_345 },
      active: [
        {
          channel: channels.orders,
          events: 4_938,
          rate: 0,
          gaps: [
            {
              from: now - 87_000_000,
              to: now - 86_940_000,
              reason: 'The broker was unreachable',
            },
          ],
        },
      ],
    }),
  ];
}

/** What a broker of that kind would show. */
export function sampleChoices(system: ConnectionDto['system']): ChannelChoice[] {
  if (system === 'rabbitmq')
    return [
      { channel: channels.payments, internal: false, means: 'tap' },
      { channel: channels.dead, internal: false, means: 'tap' },
      { channel: { ...channels.payments, name: 'amq.topic' }, internal: true },
    ];
  if (system === 'redis')
    return [
      { channel: channels.shipments, held: 40_221, internal: false },
      { channel: channels.notifications, internal: false },
    ];
  return [
    { channel: channels.orders, partitions: 6, held: 201_337, internal: false },
    { channel: channels.inventory, partitions: 6, held: 180_002, internal: false },
    { channel: channels.ledger, partitions: 3, held: 31_564, internal: false },
    ...Array.from({ length: 24 }, (_, index) => ({
      channel: { ...channels.orders, name: `team-${index}.events` },
      partitions: 3,
      held: index * 917,
      internal: false,
    })),
    {
      channel: { ...channels.orders, name: '__consumer_offsets' },
      partitions: 50,
      held: 9_000_000,
      internal: true,
    },
  ];
}
