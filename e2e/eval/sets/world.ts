import type { Line, Wire } from './lines.ts';
import { Rng } from './rng.ts';
import type { Failed, Flow, Outgoing, Retried, SendOptions, Sent } from './sent.ts';
import { SECOND, type Handling, type Story } from './story.ts';

/** How a framework puts messages on a broker. */
export interface Framework {
  /** Undefined for what never leaves the process. */
  wrap(out: Outgoing, world: World): Wire | undefined;
  /** Where it says nothing, a failed message is handed out again by its broker. */
  failed?(failed: Failed, world: World): Retried | undefined;
  /** What is for later goes to the broker at once, which keeps it. */
  readonly brokerWaits?: boolean;
  /** Nothing is published twice: the broker itself publishes. */
  readonly once?: boolean;
}

export interface WorldOptions {
  readonly name: string;
  readonly seed: number;
  readonly flows: number;
  /** Flows that begin in a second. */
  readonly rate: number;
  readonly story: Story;
  readonly framework: Framework;
  /** Furthest that a machine's clock is off, in milliseconds. */
  readonly skew?: number;
  /** Share of handled messages whose delivery is on record. */
  readonly deliveries?: number;
}

interface Task {
  readonly at: number;
  readonly number: number;
  run(): void;
}

const COUNTRIES = ['DE', 'DE', 'DE', 'FR', 'NL', 'AT'];

/**
 * Services that handle what is published, in true time: every message says what caused it because it was published while
 * that was handled. One partition is handled one message after the other, as Kafka's consumers do.
 */
export class World {
  readonly rng: Rng;
  readonly options: WorldOptions;
  readonly sent: Sent[] = [];
  readonly deliveries: { readonly sent: Sent; readonly line: Line }[] = [];
  /** Counters that restart at 1 for each name. */
  readonly counters = new Map<string, number>();
  readonly customers: readonly string[];
  now: number;
  #tasks: Task[] = [];
  #taskCount = 0;
  readonly #offsets = new Map<string, number>();
  readonly #busy = new Map<string, number>();
  readonly #correlations: string[] = [];
  readonly #clocks = new Map<string, number>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.rng = new Rng(options.seed, options.name);
    this.now = Date.UTC(2026, 2, 2, 9) + this.rng.int(0, 40 * 24 * 3600) * SECOND;
    const customers = Math.max(8, Math.ceil(options.flows / 8));
    this.customers = Array.from({ length: customers }, () => `C-${this.rng.int(10_000, 99_999)}`);
  }

  run(): void {
    let at = this.now;
    for (let number = 1; number <= this.options.flows; number++) {
      at += this.rng.gap(this.options.rate);
      this.at(at, () => this.#begin(this.flow(number)));
      if (number % 4 === 0) this.at(at, () => this.#noise());
    }
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      this.now = task.at;
      task.run();
    }
  }

  at(at: number, run: () => void): void {
    const task = { at: Math.max(at, this.now), number: this.#taskCount++, run };
    const later = this.#tasks.findIndex((other) => other.at > task.at);
    this.#tasks.splice(later === -1 ? this.#tasks.length : later, 0, task);
  }

  flow(number: number): Flow {
    const customer = this.rng.pick(this.customers);
    return {
      number,
      ids: {},
      customer,
      session: `sess-${customer.slice(2)}`,
      country: this.rng.pick(COUNTRIES),
      held: new Map(),
    };
  }

  count(name: string): number {
    const next = (this.counters.get(name) ?? 0) + 1;
    this.counters.set(name, next);
    return next;
  }

  /** What a service's clock says at that time: most are nearly right, some are seconds off. */
  clock(service: string, at: number): number {
    const limit = this.options.skew ?? 2 * SECOND;
    const wrong =
      this.#clocks.get(service) ?? this.rng.int(-limit, limit) * (this.rng.chance(0.4) ? 1 : 0.01);
    this.#clocks.set(service, wrong);
    return at + wrong;
  }

  /** A correlation id for a new flow: now and then one that a client has used before for something else. */
  correlation(fresh: string): string {
    const reused = this.#correlations.length > 3 && this.rng.chance(0.03);
    const value = reused ? (this.#correlations.at(-3) ?? fresh) : fresh;
    this.#correlations.push(value);
    return value;
  }

  /** A message that belongs to nobody's flow, and names what many flows name. */
  #noise(): void {
    const flow = this.flow(0);
    const [service, type, domain, data] = this.rng.pick([
      ['crm', 'CustomerProfileUpdated', 'customers', { customerId: flow.customer, country: flow.country }],
      [
        'catalog',
        'PriceChanged',
        'catalog',
        { sku: `SKU-${this.rng.int(1, 6)}`, price: this.rng.int(5, 90) },
      ],
      ['monitor', 'HeartbeatSent', 'ops', { node: 'node-1', status: 'OK', tenant: 'acme' }],
    ] as const);
    const key = Object.values(data)[0] ?? '';
    this.#publish({ service, type, domain, kind: 'event', key, data, flow, flows: [flow], options: {} }, []);
  }

  #begin(flow: Flow): void {
    this.options.story.begin({
      flow,
      rng: this.rng,
      send: (service, type, data, options = {}) => this.#send(service, type, data, flow, options, undefined),
    });
  }

  #send(
    service: string,
    type: string,
    data: Outgoing['data'],
    flow: Flow,
    given: SendOptions,
    handled: Sent | undefined,
  ): void {
    const kind = this.options.story.types[type];
    if (!kind) throw new Error(`No such type of message: ${type}`);
    const { after, ...rest } = given;
    const waits = this.options.framework.brokerWaits && kind.kind === 'command' && after !== undefined;
    const options = waits ? { ...rest, holds: after } : given;
    const causes = [...(options.causes ?? []), ...(handled ? [handled] : [])];
    const flows = options.flows ?? [flow];
    const key = keyOf(data[kind.key]);
    const publish = () =>
      this.#publish(
        { service, type, ...kind, key, data, flow, flows, handled, to: options.to, options },
        causes,
      );
    this.at(this.now + this.rng.next() * 2 + (options.after ?? 0), publish);
  }

  #publish(
    of: Omit<Outgoing, 'at' | 'meta' | 'waited'>,
    causes: readonly Sent[],
    retried?: Retried & { readonly by: string; readonly attempt: number },
  ): void {
    const out: Outgoing = {
      ...of,
      at: this.now,
      waited: of.options.after ?? 0,
      meta: retried ? { ...retried.meta } : {},
    };
    const wire = retried ? retried.wire : this.options.framework.wrap(out, this);
    const seen = new Set(causes.flatMap((cause) => (cause.wire ? [cause] : cause.causes)));
    const sent: Sent = { ...out, wire, causes: [...seen], ...(wire && this.#position(wire)) };
    this.sent.push(sent);
    if (wire && !this.options.framework.once && this.rng.chance(0.025)) this.#again(sent, wire);
    if (retried?.dead) return;
    const waits = retried?.waits ?? of.options.holds ?? 0;
    for (const [service, handler] of Object.entries(this.options.story.handlers[of.type] ?? {})) {
      if ((retried?.by ?? of.to ?? service) === service) {
        this.#deliver(sent, service, handler, retried?.attempt ?? 1, waits);
      }
    }
  }

  /** A producer that saw no acknowledgement publishes once more. Consumers know the second for what it is. */
  #again(sent: Sent, wire: Wire): void {
    this.at(this.now + this.rng.latency(150, 3000), () => {
      this.sent.push({ ...sent, at: this.now, causes: [sent], ...this.#position(wire) });
    });
  }

  #position({ place, key }: Wire): Pick<Sent, 'partition' | 'offset'> {
    if (place.system === 'rabbitmq' || (place.system === 'redis' && place.channelKind !== 'stream'))
      return {};
    if (place.system === 'redis') {
      const ms = Math.floor(this.now);
      return { offset: `${ms}-${this.count(`${place.channel} ${ms}`) - 1}` };
    }
    const partitions = place.partitions ?? 3;
    const partition = key === undefined ? this.rng.int(0, partitions - 1) : hash(key) % partitions;
    const name = `${place.channel}/${partition}`;
    const offset = this.#offsets.get(name) ?? this.rng.int(0, 4000);
    this.#offsets.set(name, offset + 1);
    return { partition, offset: String(offset) };
  }

  #deliver(
    sent: Sent,
    service: string,
    handler: (handling: Handling) => void,
    attempt: number,
    waits: number,
  ): void {
    const lane =
      sent.partition === undefined ? undefined : `${service} ${sent.wire?.place.channel} ${sent.partition}`;
    const arrives =
      this.now +
      waits +
      (sent.wire ? (this.options.story.types[sent.type]?.instant ? 0.1 : this.rng.latency(1, 25)) : 0.2);
    const starts = Math.max(arrives, lane === undefined ? 0 : (this.#busy.get(lane) ?? 0));
    const instant = this.options.story.types[sent.type]?.instant;
    const ends = starts + (instant ? 0.1 : this.rng.latency(5, 200));
    if (lane !== undefined) this.#busy.set(lane, ends);
    this.at(ends, () => {
      let failure: string | undefined;
      handler({
        event: sent,
        data: sent.data,
        flow: sent.flow,
        service,
        rng: this.rng,
        send: (type, data, options = {}) =>
          this.#send(service, type, data, sent.flow, { flows: sent.flows, ...options }, sent),
        fails: (share, reason) => {
          const fails = this.rng.chance(attempt === 1 ? share : 0.6);
          if (fails) failure = reason;
          return fails;
        },
        together: (name, needed) => {
          const held = [...(sent.flow.held.get(name) ?? []), sent];
          sent.flow.held.set(name, held);
          return held.length === needed ? held : undefined;
        },
      });
      this.#settle(sent, service, handler, attempt, starts, failure);
    });
  }

  #settle(
    sent: Sent,
    by: string,
    handler: (handling: Handling) => void,
    attempt: number,
    starts: number,
    failure: string | undefined,
  ): void {
    this.#record(sent, by, starts, failure === undefined ? 'acknowledged' : 'rejected');
    if (failure === undefined) return;
    const failed: Failed = { sent, by, attempt, reason: failure, at: this.now };
    const retried = sent.wire && this.options.framework.failed?.(failed, this);
    if (!retried) {
      if (attempt < 4) this.#deliver(sent, by, handler, attempt + 1, this.rng.latency(100, 1500));
      return;
    }
    const { at: _at, meta: _meta, waited: _waited, ...of } = sent;
    this.at(this.now + retried.after, () =>
      this.#publish(of, [sent], { ...retried, by, attempt: attempt + 1 }),
    );
  }

  /** Kafka shows commits every few seconds, RabbitMQ's firehose each delivery, Redis what was pending between two looks. */
  #record(sent: Sent, consumer: string, starts: number, status: string): void {
    if (!sent.wire || !this.rng.chance(this.options.deliveries ?? 0.15)) return;
    const tick = 5 * SECOND;
    const line =
      sent.wire.place.system === 'rabbitmq'
        ? { status: 'delivered', time: iso(starts), evidence: 'firehose' }
        : {
            status: sent.wire.place.system === 'kafka' ? 'acknowledged' : status,
            after: iso(Math.floor(this.now / tick) * tick),
            before: iso(Math.floor(this.now / tick + 1) * tick),
            evidence: sent.wire.place.system === 'kafka' ? 'offset-commit' : 'pending-entries',
          };
    this.deliveries.push({ sent, line: { kind: 'delivery', consumer, ...line } });
  }
}

export const iso = (at: number) => new Date(at).toISOString();

const keyOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
