import type { EventRowDto, TopologyDto, WaitingEventDto } from '../../app/contract/page.ts';
import { channels } from './build.ts';
import type { Tail } from './tail.ts';

type Channel = EventRowDto['channel'];

const queue = (name: string): Channel => ({ ...channels.payments, name, kind: 'queue' });
const places = {
  ...channels,
  charges: queue('billing.charges'),
  replies: queue('storefront.replies'),
  deadLetters: queue('payments.dead'),
};
type Place = keyof typeof places;

/** Events recorded and events a second; what is dead has none. */
const traffic: Record<Place, readonly [events: number, rate: number]> = {
  orders: [201_337, 21],
  inventory: [180_002, 15.6],
  ledger: [31_564, 1.6],
  payments: [88_000, 6.4],
  dead: [410, 0],
  shipments: [40_221, 4.8],
  notifications: [22_108, 2.2],
  charges: [0, 0],
  replies: [0, 0],
  deadLetters: [0, 0],
};
const publishers: readonly (readonly [string, Place, number])[] = [
  ['storefront', 'orders', 14],
  ['fraud', 'orders', 7],
  ['storefront', 'inventory', 7.8],
  ['inventory', 'inventory', 7.8],
  ['payments', 'payments', 3.4],
  ['billing', 'payments', 3],
  ['ledger', 'ledger', 1.6],
  ['shipping', 'shipments', 4.8],
];
const consumers: readonly (readonly [Place, string, number?])[] = [
  ['orders', 'fraud', 0],
  ['orders', 'payments', 2],
  ['orders', 'shipping', 0],
  ['orders', 'analytics', 1284],
  ['inventory', 'inventory', 0],
  ['inventory', 'shipping', 3],
  ['charges', 'billing', 41],
  ['replies', 'storefront', 0],
  ['payments', 'ledger'],
  ['shipments', 'warehouse', 7],
  ['notifications', 'mailer'],
];
const routes: readonly (readonly [Place, Place, string?])[] = [
  ['payments', 'charges', 'payment.requested'],
  ['payments', 'replies', 'payment.charged'],
  ['dead', 'deadLetters', '#'],
];

const idOf = ({ system, cluster, kind, name }: Channel): string => `${system}/${cluster}/${kind}/${name}`;
const participantId = (name: string): string => `participant/${name}`;

/** The shop's wiring with rates that move a little. `arrived` orders make the slow consumer's lag grow. */
export function sampleTopology(arrived: number, now: number): TopologyDto {
  /** Up to a tenth more or less, slowly. */
  const about = (rate: number, phase: number): number => rate * (1 + 0.1 * Math.sin(now / 3000 + phase));
  const named = Object.entries(places) as [Place, Channel][];
  const published = new Set(publishers.map(([name]) => name));
  const consumed = new Set(consumers.map(([, name]) => name));
  const edge = (
    from: string,
    to: string,
    kind: TopologyDto['edges'][number]['kind'],
    rest: Partial<TopologyDto['edges'][number]> & { readonly evidence: string },
  ) => ({ id: [from, to, kind, rest.routingKey].filter(Boolean).join(' '), from, to, kind, ...rest });
  return {
    at: now,
    participants: [...new Set([...published, ...consumed])].sort().map((name) => ({
      id: participantId(name),
      name,
      role: !published.has(name) ? 'consumer' : consumed.has(name) ? 'both' : 'producer',
    })),
    channels: named.map(([place, channel], index) => {
      const [events, rate] = traffic[place];
      const last = rate > 0 ? now - 1000 / rate : now - 8_000;
      return {
        ...channel,
        id: idOf(channel),
        events: place === 'orders' ? events + arrived * 4 : events,
        rate: about(rate, index),
        ...(events > 0 && { last }),
      };
    }),
    edges: [
      ...publishers.map(([name, place, rate], index) =>
        edge(participantId(name), idOf(places[place]), 'publishes', {
          events: Math.round(rate * 9000),
          rate: about(rate, index),
          evidence: 'events name it',
        }),
      ),
      ...consumers.map(([place, name, lag]) =>
        edge(idOf(places[place]), participantId(name), 'consumes', {
          ...(lag !== undefined && { lag: name === 'analytics' ? lag + arrived * 4 : lag }),
          evidence: lag === undefined ? 'deliveries' : 'subscription',
        }),
      ),
      ...routes.map(([from, to, routingKey]) =>
        edge(idOf(places[from]), idOf(places[to]), 'routes', {
          ...(routingKey !== undefined && { routingKey }),
          evidence: 'binding',
        }),
      ),
      edge(idOf(places.charges), idOf(places.dead), 'dead-letters', { evidence: 'dead-letter setting' }),
    ],
  };
}

/** The same wiring with what was recorded within a time; what waits is known of now only. */
export function topologyWithin(
  whole: TopologyDto,
  rows: readonly EventRowDto[],
  { from = 0, to }: { readonly from?: number; readonly to?: number },
): TopologyDto {
  const past = to !== undefined && to < whole.at;
  const seconds = Math.max(1, (to ?? whole.at) - from) / 1000;
  return {
    ...whole,
    channels: whole.channels.map(({ last: _last, ...channel }) => {
      const own = rows.filter((row) => idOf(row.channel) === channel.id);
      const last = own.at(-1)?.time;
      return {
        ...channel,
        events: own.length,
        ...(past && { rate: own.length / seconds }),
        ...(last !== undefined && { last }),
      };
    }),
    edges: whole.edges.map(({ events: _events, lag, ...edge }) => {
      const own = rows.filter(
        ({ channel, producer }) =>
          idOf(channel) === edge.to && participantId(producer?.name ?? '') === edge.from,
      );
      return {
        ...edge,
        ...(edge.kind === 'publishes' && { events: own.length }),
        ...(edge.kind === 'publishes' && past && { rate: own.length / seconds }),
        ...(!past && lag !== undefined && { lag }),
      };
    }),
  };
}

/** What waits for a consumer of the sample topology. Undefined where it does not consume the channel. */
export function sampleWaiting(
  tail: Tail,
  input: { readonly channel: string; readonly consumer: string; readonly limit: number },
  arrived: number,
  now: number,
): { events: WaitingEventDto[]; total?: number; notes: string[] } | undefined {
  const { edges, channels: all } = sampleTopology(arrived, now);
  const found = edges.find((edge) => edge.from === input.channel && edge.to === input.consumer);
  const channel = all.find(({ id }) => id === input.channel);
  if (!found || !channel) return undefined;
  const { lag } = found;
  if (channel.kind === 'queue')
    return {
      events: [],
      ...(lag !== undefined && { total: lag }),
      notes: ['RabbitMQ says how many messages a queue holds, not which.'],
    };
  if (lag === undefined)
    return { events: [], notes: ['This system does not say what the consumer is done with.'] };
  const pending = channel.kind === 'stream';
  const events = tail.newestOn(channel.name, Math.min(lag, 200)).slice(0, input.limit);
  return {
    events: events.map((event, index) => ({
      event,
      state: pending ? 'pending' : 'unread',
      since: event.time,
      ...(pending && { deliveries: 1 + (index % 3) }),
    })),
    total: lag,
    notes: events.length < lag ? [`${lag - events.length} more wait that were not recorded.`] : [],
  };
}
