import type { EventRowDto, TopologyDto } from '../../app/contract/page.ts';

export interface LargeMapOptions {
  readonly participants: number;
  readonly channels: number;
  /** Events a second on all channels together; 0 where nothing is said. */
  readonly rate?: number;
  /** Channels on which nothing has moved for an hour, besides. */
  readonly idle?: number;
}

type Channel = TopologyDto['channels'][number];

const kinds = [
  { system: 'kafka', kind: 'topic' },
  { system: 'rabbitmq', kind: 'exchange' },
  { system: 'rabbitmq', kind: 'queue' },
  { system: 'redis', kind: 'stream' },
  { system: 'redis', kind: 'pubsub' },
] as const;

/** A company of many services: as many participants and channels as are asked for, and what moves between them. */
export class LargeMap {
  private readonly options: LargeMapOptions;
  private readonly started: number;
  /** More that are there since a moment ago. */
  added = 0;

  constructor(options: LargeMapOptions, now: number) {
    this.options = options;
    this.started = now;
  }

  topology(now: number): TopologyDto {
    const { participants, channels, rate = 0, idle = 0 } = this.options;
    const services = Array.from({ length: participants + this.added }, (_, index) => ({
      id: `participant/service-${index}`,
      name: `service-${index}`,
      role: 'both' as const,
    }));
    const moving = Array.from({ length: channels }, (_, index) => this.channel(index, rate, now));
    const still = Array.from({ length: idle }, (_, index) => ({
      ...this.channel(channels + index, 0, now),
      last: now - 3_600_000,
    }));
    const edges = moving.flatMap(({ id, rate: moves, kind }, index) => {
      const from = services[index % participants]?.id ?? '';
      const to = services[(index * 7 + 3) % participants]?.id ?? '';
      const next = moving[index + 1];
      return [
        { from, to: id, kind: 'publishes' as const, rate: moves, evidence: 'events name it' },
        {
          ...{ from: id, to, kind: 'consumes' as const, evidence: index % 9 ? 'subscription' : 'inferred' },
          lag: index % 5 === 0 ? Math.round(((now - this.started) / 1000) * (1 + index)) : index % 3,
        },
        ...(kind === 'exchange' && next
          ? [{ from: id, to: next.id, kind: 'routes' as const, routingKey: '#', evidence: 'binding' }]
          : []),
      ];
    });
    const added = services.slice(participants).map(({ id }, index) => ({
      ...{ from: id, to: moving[index % channels]?.id ?? '', kind: 'publishes' as const },
      evidence: 'events name it',
    }));
    return {
      at: now,
      participants: services,
      channels: [...moving, ...still],
      edges: [...edges, ...added].map((edge) => ({ ...edge, id: `${edge.kind} ${edge.from} ${edge.to}` })),
    };
  }

  private channel(index: number, rate: number, now: number): Channel {
    const { system, kind } = kinds[index % kinds.length] ?? kinds[0];
    const name = `team-${index % 17}.events-${index}`;
    const part = (rate / this.options.channels) * (1 + 0.5 * Math.sin(now / 900 + index));
    return {
      ...{ id: `${system}/prod/${kind}/${name}`, system, kind, name, cluster: 'prod' },
      ...{ events: 1000 + index * 31 + Math.round((part * (now - this.started)) / 1000), rate: part },
      last: now - 40,
    };
  }

  /** The newest of what came at that rate; each number is an event. */
  tail({ after, limit }: { readonly after?: number; readonly limit: number }, now: number) {
    const { participants, channels, rate = 0 } = this.options;
    const newest = 1 + Math.floor((rate * (now - this.started)) / 1000);
    const first = after === undefined ? Math.max(1, newest - limit + 1) : after + 1;
    const rows: EventRowDto[] = [];
    for (let seq = first; seq <= newest && rows.length < limit; seq++) {
      const place = (seq * 13) % channels;
      const { system, cluster, name, kind } = this.channel(place, rate, now);
      rows.unshift({
        ...{ id: `large-${seq}`, seq, channel: { system, cluster, name, kind }, type: 'Something' },
        ...{ producer: { name: `service-${place % participants}`, inferred: false }, time: now },
        ...{ clock: 'broker', keys: [], size: 2, format: 'json', hasProblems: false },
      });
    }
    return { rows, newest, more: newest > first + limit, notes: [] };
  }
}

/** What breaks careless maps: HTML in names, 200 characters, equal names in two clusters, loops, and nobody who consumes. */
export function oddTopology(now: number): TopologyDto {
  const html = '<img src=x onerror=alert(1)>';
  const long = `team.${'very-long-'.repeat(19)}name`;
  const topic = (name: string, cluster = 'prod', rest: Partial<Channel> = {}): Channel => ({
    ...{ id: `kafka/${cluster}/topic/${name}`, system: 'kafka', kind: 'topic', name, cluster },
    ...{ events: 120, rate: 1.234, last: now - 500 },
    ...rest,
  });
  const participant = (name: string) => ({ id: `participant/${name}`, name, role: 'both' as const });
  const edge = (from: string, to: string, kind: TopologyDto['edges'][number]['kind'], lag?: number) => ({
    ...{ id: `${kind} ${from} ${to}`, from, to, kind, evidence: 'subscription' },
    ...(lag !== undefined && { lag }),
  });
  const nobody = topic('nobody-consumes', 'prod', { events: 0, rate: 0, last: undefined });
  const [prod, staging, odd, large] = [topic('orders'), topic('orders', 'staging'), topic(html), topic(long)];
  const loop = topic('loop', 'prod', {
    system: 'rabbitmq',
    kind: 'exchange',
    id: 'rabbitmq/prod/exchange/loop',
  });
  const [shop, mad, wide] = [participant('shop'), participant('__proto__'), participant(long)];
  return {
    at: now,
    participants: [shop, mad, wide],
    channels: [prod, staging, odd, large, nobody, loop],
    edges: [
      edge(shop.id, prod.id, 'publishes'),
      edge(shop.id, staging.id, 'publishes'),
      edge(prod.id, shop.id, 'consumes', 0),
      edge(odd.id, mad.id, 'consumes', 123_456_789),
      edge(mad.id, large.id, 'publishes'),
      edge(large.id, wide.id, 'consumes', 3),
      edge(loop.id, loop.id, 'routes'),
    ],
  };
}
