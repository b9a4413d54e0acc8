import type {
  ConnectionDto,
  KeyGroupDto,
  LookBackDto,
  TopologyDto,
  TraceRow,
} from '../../app/contract/page.ts';
import { parseQuery } from '../../app/language/parse-query.ts';
import { row } from './build.ts';
import type { FakeEvent, FakeTrace } from './build.ts';
import { sampleConnections } from './connections.ts';
import { hugeTrace, oddTrace, plainTrace } from './odd.ts';
import { orderTrace } from './order.ts';
import { Captures } from './captures.ts';
import { FakeEdits } from './explain.ts';
import { manyKeys, sampleKeys } from './keys.ts';
import { LargeMap, oddTopology } from './large-map.ts';
import type { LargeMapOptions } from './large-map.ts';
import { Tail } from './tail.ts';
import { sampleTopology, topologyWithin } from './topology.ts';

export interface WorldOptions {
  /** Nothing recorded and no connection: the welcome screen. */
  readonly empty: boolean;
  /** Plain traces beside the special ones. */
  readonly traces: number;
  /** So many keys, in place of a shop's. */
  readonly keys?: number;
  /** Another topology than the shop's: many services, or names that break careless maps. */
  readonly map?: LargeMapOptions | 'odd';
}

interface Search {
  readonly query: string;
  readonly from?: number;
  readonly to?: number;
  readonly offset: number;
  readonly limit: number;
}

/** Plain traces whose events the tail holds. */
const tailTraces = 20_000;

/** All that the fake engine holds. The same options give the same world, but for times, which are relative to `now`. */
export class World {
  readonly instance = `fake-${Date.now()}`;
  revision = 1;
  private known = 5;
  connections: ConnectionDto[];
  lookBacks: LookBackDto[] = [];
  keys: KeyGroupDto[];
  readonly fresh: FakeTrace[] = [];
  readonly captures = new Captures();
  readonly edits = new FakeEdits();
  readonly large: LargeMap | undefined;
  private readonly odd: boolean;
  private recorded: Tail | undefined;
  private readonly special: FakeTrace[];
  private readonly plain: number;
  private readonly now: number;

  constructor(options: WorldOptions, now: number) {
    this.now = now;
    this.odd = options.map === 'odd';
    this.large = typeof options.map === 'object' ? new LargeMap(options.map, now) : undefined;
    this.plain = options.empty ? 0 : options.traces;
    this.connections = options.empty ? [] : sampleConnections(now);
    this.keys = options.empty ? [] : options.keys === undefined ? sampleKeys() : manyKeys(options.keys);
    this.special = options.empty
      ? []
      : [
          orderTrace('order', '12345', now - 92_000),
          orderTrace('dead', '12399', now - 8_000, true),
          oddTrace('odd', now - 3_000),
          hugeTrace('huge', now - 7_300_000, 1200),
        ];
  }

  /** The events of what is special and of the newest plain traces, made when they are first asked for. */
  get tail(): Tail {
    if (!this.recorded) {
      this.recorded = new Tail();
      const newest = Array.from({ length: Math.min(this.plain, tailTraces) }, (_, index) =>
        this.number(index),
      );
      this.recorded.add(
        [...this.special, ...this.fresh, ...newest.filter((trace) => trace !== undefined)],
        Date.now(),
      );
    }
    return this.recorded;
  }

  topology(now: number, times: { readonly from?: number; readonly to?: number } = {}): TopologyDto {
    if (this.odd) return oddTopology(now);
    if (this.large) return this.large.topology(now);
    if (this.total === 0) return { at: now, participants: [], channels: [], edges: [] };
    const whole = sampleTopology(this.fresh.length, now);
    return times.from === undefined && times.to === undefined
      ? whole
      : topologyWithin(whole, this.tail.within(times), times);
  }

  /** Times of the first and the last event. */
  get span(): { first?: number; last?: number } {
    const [newest, oldest] = [this.at(0), this.at(this.total - 1)];
    return newest && oldest ? { first: row(oldest).start, last: Math.min(row(newest).end, Date.now()) } : {};
  }

  get total(): number {
    return this.fresh.length + this.special.length + this.plain;
  }

  /** The trace at a place of the list, newest first. */
  at(index: number): FakeTrace | undefined {
    const fresh = this.fresh[this.fresh.length - 1 - index];
    if (fresh) return fresh;
    const rest = index - this.fresh.length;
    return this.special[rest] ?? this.number(rest - this.special.length);
  }

  find(id: string): FakeTrace | undefined {
    const trace = this.recordedTrace(id);
    return trace && this.edits.applied(trace, (event) => this.recordedTrace(event));
  }

  private recordedTrace(id: string): FakeTrace | undefined {
    if (id === 'growing') return this.growing();
    const named = [...this.special, ...this.fresh].find(
      (trace) => trace.id === id || id.startsWith(`${trace.id}-`),
    );
    if (named) return named;
    const number = /^t(\d+)(?:-\d+)?$/.exec(id)?.[1];
    return number === undefined ? undefined : this.number(Number(number));
  }

  event(id: string): FakeEvent | undefined {
    return this.find(id)?.events.find(({ head }) => head.id === id);
  }

  /** What a capture that is being read says of its traces. */
  announced(): TraceRow[] {
    return Array.from({ length: 40 }, (_, index) =>
      row(plainTrace(index, this.now - 86_400_000 - index * 1500)),
    );
  }

  search({ query: text, from = -Infinity, to = Infinity, offset, limit }: Search): {
    rows: TraceRow[];
    total: number;
    notes: string[];
  } {
    const { query, notes } = parseQuery(text);
    const rows: TraceRow[] = [];
    if (text.trim() === '' && from === -Infinity && to === Infinity) {
      for (let index = offset; index < Math.min(this.total, offset + limit); index++) {
        const trace = this.at(index);
        if (trace) rows.push(row(trace));
      }
      return { rows, total: this.total, notes: [...notes] };
    }
    let total = 0;
    for (let index = 0; index < this.total; index++) {
      const trace = this.at(index);
      if (!trace) continue;
      const { start, end } = row(trace);
      const found =
        end >= from &&
        start <= to &&
        (!query.status || row(trace).status === query.status) &&
        query.keys.every(({ name, value }) =>
          trace.keys.some((key) => key.value === value && (name === undefined || key.name === name)),
        );
      if (!found) continue;
      if (total >= offset && rows.length < limit) rows.push(row(trace));
      total++;
    }
    return { rows, total, notes: [...notes] };
  }

  /** One event more of the trace `growing` arrives. */
  extend(): void {
    const { tail } = this;
    this.known++;
    this.revision++;
    const whole = this.growing();
    tail.add([{ ...whole, events: whole.events.slice(-1) }], Date.now());
  }

  /** A new order arrives. */
  grow(): { id: string; order: string } {
    const { tail } = this;
    const number = this.fresh.length;
    const id = `new${number}`;
    const order = String(900_000 + number);
    const trace = orderTrace(id, order, Date.now() - 2000, number % 7 === 3);
    this.fresh.push(trace);
    tail.add([trace], Date.now());
    this.revision++;
    return { id, order };
  }

  /** So many events of other orders arrive at once; answers with the traces they belong to. */
  burst(count: number): string[] {
    const { tail } = this;
    const now = Date.now();
    const traces: FakeTrace[] = [];
    for (let events = 0; events < count; events += traces.at(-1)?.events.length ?? 0) {
      const whole = plainTrace(9_000_000 + 7 * (this.fresh.length + traces.length), now - 6000);
      traces.push({ ...whole, events: whole.events.slice(0, count - events) });
    }
    this.fresh.push(...traces);
    tail.add(traces, now);
    this.revision++;
    return traces.map(({ id }) => id);
  }

  /** An order of which one event more is known after each `extend`. */
  private growing(): FakeTrace {
    const whole = orderTrace('growing', '777', this.now - 60_000);
    const events = whole.events.slice(0, this.known);
    const ids = new Set(events.map(({ head }) => head.id));
    const links = whole.links.filter(({ from, to }) => ids.has(from) && ids.has(to));
    return { ...whole, events, links, deliveries: [] };
  }

  private number(index: number): FakeTrace | undefined {
    return index >= 0 && index < this.plain
      ? plainTrace(index, this.now - 100_000 - index * 1500)
      : undefined;
  }
}
