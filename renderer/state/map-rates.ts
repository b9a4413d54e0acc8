import type { TopologyDto } from '../../app/contract/page.ts';

type Edge = Pick<TopologyDto['edges'][number], 'kind' | 'from' | 'to'>;

/** What was said of an edge at one moment. */
interface Look {
  readonly at: number;
  readonly lag?: number;
  readonly events?: number;
}

/** What earlier looks said of each edge, the newest last. */
export type Looks = Map<string, readonly Look[]>;

/** Looks further back than this say nothing of now, ms; and two that are nearer say too little. */
const span = 10_000;
const least = 1_500;

/** An edge of the map: routing keys do not make several. */
export function edgeId({ kind, from, to }: Edge): string {
  return `${kind} ${from} ${to}`;
}

/** Takes a look into memory. */
export function rememberEdges(looks: Looks, { at, edges }: TopologyDto): void {
  for (const [id, parts] of Map.groupBy(edges, edgeId)) {
    const look = {
      at,
      lag: total(parts.map(({ lag }) => lag)),
      events: total(parts.map((each) => each.events)),
    };
    const kept = (looks.get(id) ?? []).filter((each) => each.at < at && at - each.at <= span);
    looks.set(id, [...kept, look]);
  }
}

/** By how much a figure grew a second, between the first and the last look that know it. */
function growth(looks: readonly Look[] = [], of: 'lag' | 'events'): number | undefined {
  const known = looks.filter((look) => look[of] !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || last.at - first.at < least) return undefined;
  return (((last[of] ?? 0) - (first[of] ?? 0)) * 1000) / (last.at - first.at);
}

/**
 * Events a second along each edge, as far as what is said of it tells: of a producer it is said; a consumer is handed what
 * its channel gets less what piles up, or what its deliveries say; a queue gets what its consumers take and what piles up.
 */
export function edgeRates({ channels, edges }: TopologyDto, looks: Looks): ReadonlyMap<string, number> {
  const moving = new Map(
    channels.flatMap(({ id, rate, events }) => (events > 0 ? [[id, rate] as const] : [])),
  );
  const into = Map.groupBy(edges, ({ to }) => to);
  const outOf = Map.groupBy(edges, ({ from }) => from);
  const rates = new Map<string, number>();
  const set = (edge: Edge, rate: number | undefined): void => {
    if (rate !== undefined) rates.set(edgeId(edge), Math.max(0, rate));
  };
  for (const edge of edges.filter(({ kind }) => kind === 'consumes')) {
    const own = looks.get(edgeId(edge));
    const piled = edge.lag === undefined ? undefined : (growth(own, 'lag') ?? 0);
    const moves = moving.get(edge.from);
    if (moves !== undefined && piled !== undefined) set(edge, moves - piled);
    else set(edge, growth(own, 'events') ?? handedThrough(edge));
  }
  for (const [id, parts] of Map.groupBy(edges, edgeId)) {
    const [edge] = parts;
    if (edge?.kind === 'publishes') {
      const rate = total(parts.map((part) => part.rate));
      if (rate !== undefined) rates.set(id, rate);
    } else if (edge && edge.kind !== 'consumes' && new Set(into.get(edge.to)?.map(edgeId)).size === 1) {
      set(edge, moving.get(edge.to) ?? taken(edge.to));
    }
  }
  return rates;

  /** What a queue's only consumer on an exchange was handed of it: deliveries are told of the exchange. */
  function handedThrough({ from: queue, to: consumer }: Edge): number | undefined {
    const exchanges = new Set(
      (into.get(queue) ?? []).filter(({ kind }) => kind === 'routes').map(({ from }) => from),
    );
    const [exchange] = exchanges;
    if (exchange === undefined || exchanges.size > 1) return undefined;
    const queues = new Set(
      (outOf.get(exchange) ?? []).filter(({ kind }) => kind === 'routes').map(({ to }) => to),
    );
    const same = (into.get(consumer) ?? []).filter(
      ({ kind, from }) => kind === 'consumes' && queues.has(from),
    );
    if (same.length !== 1) return undefined;
    return growth(looks.get(edgeId({ kind: 'consumes', from: exchange, to: consumer })), 'events');
  }

  /** What leaves a queue, and what stays in it. */
  function taken(queue: string): number | undefined {
    const consumers = (outOf.get(queue) ?? []).filter(({ kind }) => kind === 'consumes');
    const known = consumers.map((edge) => rates.get(edgeId(edge)));
    if (consumers.length === 0 || known.includes(undefined)) return undefined;
    const piled = Math.max(0, ...consumers.map((edge) => growth(looks.get(edgeId(edge)), 'lag') ?? 0));
    return (total(known) ?? 0) + piled;
  }
}

/** The sum of what is known; undefined where nothing is. */
export function total(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
