import type { EventHeadDto, TraceDetailDto } from '../../app/contract/page.ts';
import type { Headwater, PageClient } from './headwater.ts';

/** Connects to the three brokers as a user would by RPC; what appears later is read from its beginning. */
export async function connectAll(
  client: PageClient,
  brokers: { kafka: { url: string }; rabbitmq: { url: string }; redis: { url: string } },
): Promise<void> {
  for (const name of ['kafka', 'rabbitmq', 'redis'] as const) {
    await client.connections.add({ name, url: brokers[name].url, channels: 'all', from: 'latest' });
  }
}

export const allLive = (all: readonly { phase: string }[]) =>
  all.length > 0 && all.every((c) => c.phase === 'live');

/** What really happened: the services' logs of the shop, or the live demo's own knowledge. */
export interface KnownTruth {
  readonly events: readonly { readonly id: string; readonly orderId?: string | undefined }[];
  readonly links: readonly (readonly [cause: string, effect: string])[];
}

/** Everything that is in the store, as a page could learn it. */
export interface Stored {
  readonly traces: readonly TraceDetailDto[];
  /** Event name → its outline. */
  readonly events: ReadonlyMap<string, EventHeadDto>;
  /** How many events the store counts. */
  readonly count: number;
}

/**
 * Reads all traces with their events. Pub/sub has no ids, and one team puts its message id into a header of its own
 * making: such events are named here by what the services' logs know them by.
 */
export async function readStored({ client }: Pick<Headwater, 'client'>): Promise<Stored> {
  const traces: TraceDetailDto[] = [];
  const events = new Map<string, EventHeadDto>();
  const renamed = new Map<string, string>();
  for (let offset = 0; ; offset += 500) {
    const { rows } = await client.traces.list({ query: '', limit: 500, offset });
    if (rows.length === 0) break;
    for (const { id } of rows) traces.push(await client.traces.get({ id }));
  }
  for (const { events: heads } of traces) {
    for (const head of heads) {
      const { system, cluster, name: channel, kind } = head.channel;
      if (head.offset === undefined && !renamed.has(head.id)) {
        const { payload, headers, properties } = await client.events.get({ id: head.id });
        const id =
          kind === 'pubsub'
            ? (JSON.parse(payload.text) as { notification_id: string }).notification_id
            : (headers.find((h) => h.name === 'message-id')?.value ?? String(properties?.['message_id']));
        renamed.set(head.id, `${system}/${cluster}/${channel}/${id}`);
      }
      events.set(renamed.get(head.id) ?? head.id, head);
    }
  }
  const name = (head: EventHeadDto) => ({ ...head, id: renamed.get(head.id) ?? head.id });
  return {
    traces: traces.map((t) => ({ ...t, events: t.events.map(name) })),
    events,
    count: (await client.info()).events,
  };
}

/** How well the traces hold the orders, in counts. */
export interface OrderCounts {
  readonly orders: number;
  /** Orders of which one trace, and only one, holds every event, and none of another order's own. */
  readonly exact: number;
  readonly scattered: readonly string[];
  readonly mixed: readonly string[];
}

/** How many of the links between events that the logs name are direct causes there, and how many of those were found. */
export interface LinkCounts {
  readonly proven: { readonly stated: number; readonly true: number };
  readonly inferred: { readonly stated: number; readonly true: number };
  readonly wanted: number;
  readonly found: number;
  /** Proven links that the logs do not know, a few of them. */
  readonly wrong: readonly string[];
}

/** Judges links by the services' logs. A second copy of a message is no cause, so duplicates do not count. */
export function judgeLinks(truth: KnownTruth, stored: Stored): LinkCounts {
  const names = new Map([...stored.events].map(([id, head]) => [head.id, id]));
  const known = new Set(truth.events.map((e) => e.id));
  const wanted = new Set(truth.links.map(([cause, effect]) => `${cause} → ${effect}`));
  const counts = { proven: { stated: 0, true: 0 }, inferred: { stated: 0, true: 0 } };
  const found = new Set<string>();
  const wrong: string[] = [];
  for (const { links } of stored.traces) {
    for (const { from, to, confidence, evidence } of links) {
      const [cause, effect] = [names.get(from) ?? from, names.get(to) ?? to];
      const link = `${cause} → ${effect}`;
      if (found.has(link) || evidence === 'duplicate' || !known.has(cause) || !known.has(effect)) continue;
      found.add(link);
      const kind = confidence === 1 ? counts.proven : counts.inferred;
      kind.stated++;
      if (wanted.has(link)) kind.true++;
      else if (confidence === 1) wrong.push(`${link} (${evidence})`);
    }
  }
  const hit = [...wanted].filter((link) => found.has(link)).length;
  return { ...counts, wanted: wanted.size, found: hit, wrong: wrong.slice(0, 5) };
}

/** Judges traces by the services' logs. Batches and shared accounts may be members of several. */
export function judgeOrders(
  truth: Pick<KnownTruth, 'events'>,
  stored: Stored,
  events: KnownTruth['events'] = truth.events,
): OrderCounts {
  const orderOf = new Map(
    events.flatMap((e) => (e.orderId === undefined ? [] : [[e.id, e.orderId] as const])),
  );
  const homes = new Map<string, Set<string>>();
  const held = new Map<string, number>();
  const mixed: string[] = [];
  for (const { trace, events: members } of stored.traces) {
    const orders = new Set(members.flatMap(({ id }) => orderOf.get(id) ?? []));
    if (orders.size > 1) mixed.push(`${trace.id}: ${[...orders].join(', ')}`);
    for (const order of orders) {
      homes.set(order, (homes.get(order) ?? new Set()).add(trace.id));
      const own = members.filter(({ id }) => orderOf.get(id) === order).length;
      held.set(order, Math.max(held.get(order) ?? 0, own));
    }
  }
  const expected = new Map<string, number>();
  for (const order of orderOf.values()) expected.set(order, (expected.get(order) ?? 0) + 1);
  const scattered = [...expected]
    .filter(([order, count]) => homes.get(order)?.size !== 1 || held.get(order) !== count)
    .map(
      ([order, count]) =>
        `${order}: ${held.get(order) ?? 0} of ${count} in ${homes.get(order)?.size ?? 0} traces`,
    );
  return {
    orders: expected.size,
    exact: expected.size - new Set([...scattered, ...mixed]).size,
    scattered,
    mixed,
  };
}
