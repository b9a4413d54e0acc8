import type {
  ConnectionDto,
  DeliveryDto,
  EventHeadDto,
  LinkDto,
  TraceDetailDto,
  TraceRow,
} from '../../app/contract/page.ts';

type Channel = EventHeadDto['channel'];

/** An event with all that the fake engine knows of it. */
export interface FakeEvent {
  readonly head: EventHeadDto;
  readonly payload: string;
  readonly encoding: 'text' | 'base64';
  readonly headers: readonly (readonly [string, string])[];
  readonly problems: readonly string[];
}

export interface FakeTrace {
  readonly id: string;
  readonly keys: TraceRow['keys'];
  readonly events: readonly FakeEvent[];
  readonly links: readonly LinkDto[];
  readonly deliveries: readonly DeliveryDto[];
  readonly status?: TraceRow['status'];
  readonly clocks?: TraceDetailDto['clocks'];
}

export const channels = {
  orders: { system: 'kafka', cluster: 'prod', name: 'orders', kind: 'topic' },
  inventory: { system: 'kafka', cluster: 'prod', name: 'inventory', kind: 'topic' },
  payments: { system: 'rabbitmq', cluster: 'prod', name: 'payments', kind: 'exchange' },
  dead: { system: 'rabbitmq', cluster: 'prod', name: 'payments.dlx', kind: 'exchange' },
  shipments: { system: 'redis', cluster: 'prod', name: 'shipments', kind: 'stream' },
  notifications: { system: 'redis', cluster: 'prod', name: 'notifications', kind: 'pubsub' },
  ledger: { system: 'kafka', cluster: 'prod', name: 'ledger', kind: 'topic' },
} as const satisfies Record<string, Channel>;

interface EventInput {
  readonly id: string;
  readonly channel: Channel;
  readonly type?: string;
  readonly time: number;
  readonly producer?: string;
  readonly inferred?: boolean;
  readonly keys?: TraceRow['keys'];
  readonly payload?: unknown;
  readonly text?: string;
  readonly base64?: string;
  readonly format?: EventHeadDto['format'];
  readonly headers?: readonly (readonly [string, string])[];
  readonly problems?: readonly string[];
}

/** An event from what matters of it. */
export function event(input: EventInput): FakeEvent {
  const payload = input.base64 ?? input.text ?? JSON.stringify(input.payload ?? {});
  const hasPosition = input.channel.kind === 'topic' || input.channel.kind === 'stream';
  return {
    head: {
      id: input.id,
      channel: input.channel,
      ...(input.channel.kind === 'topic' ? { partition: 3 } : {}),
      ...(hasPosition ? { offset: input.channel.kind === 'topic' ? '1042' : `${input.time}-0` } : {}),
      ...(input.type === undefined ? {} : { type: input.type }),
      ...(input.producer === undefined
        ? {}
        : { producer: { name: input.producer, inferred: input.inferred ?? false } }),
      time: input.time,
      clock: input.channel.system === 'rabbitmq' ? 'observer' : 'broker',
      ...(input.keys?.[0] ? { key: input.keys[0].value } : {}),
      keys: [...(input.keys ?? [])],
      size: input.base64 ? Math.floor((payload.length * 3) / 4) : Buffer.byteLength(payload),
      format: input.format ?? (input.base64 === undefined ? 'json' : 'binary'),
    },
    payload,
    encoding: input.base64 === undefined ? 'text' : 'base64',
    headers: input.headers ?? [],
    problems: input.problems ?? [],
  };
}

/** The row of a trace, as the engine would derive it. */
export function row(trace: FakeTrace): TraceRow {
  const times = trace.events.map(({ head }) => head.time);
  const handed = trace.deliveries.find(({ status }) => status === 'pending');
  const pending = handed && { event: handed.event, consumer: handed.consumer, since: handed.time ?? 0 };
  const isStuck = pending !== undefined && Date.now() - Math.max(pending.since, ...times) > 30_000;
  return {
    id: trace.id,
    keys: trace.keys,
    start: Math.min(...times),
    end: Math.max(...times),
    status: isStuck ? 'stuck' : (trace.status ?? 'quiet'),
    ...(pending && { pending }),
    events: trace.events.length,
    hops: new Set(trace.events.map(({ head }) => head.channel.name)).size,
    systems: [...new Set(trace.events.map(({ head }) => head.channel.system))],
  };
}

export function detail(trace: FakeTrace): TraceDetailDto {
  return {
    trace: row(trace),
    events: trace.events.map(({ head }) => head),
    links: [...trace.links],
    deliveries: [...trace.deliveries],
    clocks: [...(trace.clocks ?? [])],
  };
}

/** A connection in which all is well, and what differs. */
export function connection(
  differs: Partial<ConnectionDto> & Pick<ConnectionDto, 'id' | 'name' | 'system' | 'url'>,
): ConnectionDto {
  return {
    phase: 'live',
    channels: 'all',
    from: 'latest',
    active: [],
    events: 0,
    rate: 0,
    sideEffects: [],
    alerts: [],
    needsSecret: false,
    ...differs,
  };
}
