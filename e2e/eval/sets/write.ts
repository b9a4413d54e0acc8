import type { Line } from './lines.ts';
import { Rng } from './rng.ts';
import type { Flow, Sent } from './sent.ts';
import { iso, type World } from './world.ts';

/** What a folder of labelled messages holds. */
export interface LabelledSet {
  readonly lines: readonly string[];
  readonly truth: { readonly traces: readonly string[][]; readonly links: readonly [string, string][] };
}

export interface WriteOptions {
  /** Events with a position are named by it, as where a line has no id. */
  readonly positions?: boolean;
  /** Share of services that are known as producers of what they publish. */
  readonly producers?: number;
}

const CLUSTERS = { kafka: 'prod', rabbitmq: 'main', redis: 'cache' } as const;

/** Writes down what an observer saw of a world: with wrong clocks, a twentieth lost, some seen twice. */
export function write(world: World, options: WriteOptions = {}): LabelledSet {
  const rng = new Rng(world.options.seed, `${world.options.name} observed`);
  const seen = world.sent.filter((sent) => sent.wire).sort((a, b) => a.at - b.at);
  const names = nameAll(seen, options.positions ?? false);
  const lost = new Set(seen.filter(() => rng.chance(0.05)));
  const kept = seen.filter((sent) => !lost.has(sent));
  const services = [...new Set(kept.map(({ service }) => service))];
  const known = new Set(services.filter(() => rng.chance(options.producers ?? 0)));

  const body: string[] = [];
  const add = (line: Line) => body.push(JSON.stringify(line));
  const waiting: string[] = [];
  for (const sent of kept) {
    // Redis stamps with its own clock.
    const time = iso(sent.wire?.place.system === 'redis' ? sent.at : world.clock(sent.service, sent.at));
    add(messageLine(sent, names.get(sent), time, known.has(sent.service)));
    if (waiting.length > 0 && rng.chance(0.2)) body.push(waiting.shift() ?? '');
    if (rng.chance(0.025)) waiting.push(body.at(-1) ?? '');
  }
  body.push(...waiting);
  for (const { sent, line } of world.deliveries) {
    if (!lost.has(sent)) add({ ...line, message: names.get(sent) });
  }

  const nameOf = (sent: Sent) => names.get(sent) ?? '';
  const links = kept.flatMap((sent) =>
    sent.causes
      .filter((cause) => !lost.has(cause))
      .map((cause): [string, string] => [nameOf(cause), nameOf(sent)]),
  );
  const members = new Map<Flow, string[]>();
  for (const sent of kept) {
    for (const flow of sent.flows) members.set(flow, [...(members.get(flow) ?? []), nameOf(sent)]);
  }
  return {
    lines: [...wiring(world, seen), ...coverage(seen, lost), ...body],
    truth: { traces: [...members.values()], links },
  };
}

function nameAll(seen: readonly Sent[], positions: boolean): Map<Sent, string> {
  return new Map(
    seen.map((sent, index) => {
      const { system, channel } = sent.wire?.place ?? { system: 'kafka', channel: '' };
      const position = [system, CLUSTERS[system], channel, sent.partition, sent.offset];
      const named = positions && sent.offset !== undefined;
      return [
        sent,
        named
          ? position.filter((part) => part !== undefined).join('/')
          : `m${String(index + 1).padStart(5, '0')}`,
      ];
    }),
  );
}

function messageLine(sent: Sent, name: string | undefined, time: string, known: boolean): Line {
  const { place, headerPairs, ...wire } = sent.wire ?? { place: { system: 'kafka' as const, channel: '' } };
  const { partitions: _partitions, ...channel } = place;
  return {
    kind: 'message',
    ...(name?.startsWith(`${place.system}/`) ? {} : { id: name }),
    cluster: CLUSTERS[place.system],
    ...channel,
    partition: sent.partition,
    offset: sent.offset,
    time,
    ...wire,
    ...(headerPairs && { headers: headerPairs }),
    ...(known && { producer: sent.service }),
  };
}

/** Who reads what: groups of topics and streams, queues bound to exchanges. */
function wiring(world: World, seen: readonly Sent[]): string[] {
  const lines = new Set<string>();
  for (const { wire, type, to } of seen) {
    if (!wire) continue;
    const { system, channel, channelKind } = wire.place;
    const at = { system, cluster: CLUSTERS[system], channel, channelKind };
    for (const service of Object.keys(world.options.story.handlers[type] ?? {})) {
      if (to !== undefined && to !== service) continue;
      if (system === 'rabbitmq' && channelKind !== 'queue') {
        const queue = `${service}.inbox`;
        lines.add(JSON.stringify({ kind: 'binding', ...at, to: queue, routingKey: wire.routingKey ?? '' }));
        lines.add(
          JSON.stringify({
            kind: 'subscription',
            ...at,
            channel: queue,
            channelKind: 'queue',
            consumer: service,
          }),
        );
      } else {
        lines.add(JSON.stringify({ kind: 'subscription', ...at, consumer: service }));
      }
    }
  }
  return [...lines];
}

/** What of each partition was read, with a gap for every offset that was lost. */
function coverage(seen: readonly Sent[], lost: ReadonlySet<Sent>): string[] {
  const partitions = Map.groupBy(
    seen.filter(({ partition }) => partition !== undefined),
    ({ wire, partition }) => `${wire?.place.channel}/${partition}`,
  );
  return [...partitions.values()].flatMap((events) => {
    const lines: string[] = [];
    let from: Sent | undefined;
    for (const [index, sent] of events.entries()) {
      from ??= sent;
      const next = events[index + 1];
      if (next && lost.has(next) === lost.has(sent)) continue;
      const { wire, partition, offset } = sent;
      lines.push(
        JSON.stringify({
          kind: 'coverage',
          system: 'kafka',
          cluster: CLUSTERS.kafka,
          channel: wire?.place.channel,
          partition,
          fromOffset: from.offset,
          toOffset: String(Number(offset) + 1),
          state: lost.has(sent) ? 'gap' : 'read',
        }),
      );
      from = undefined;
    }
    return lines;
  });
}
