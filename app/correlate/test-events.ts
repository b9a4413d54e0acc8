import type { CorrelationKey, Facts } from '../model/event.ts';
import type { Channel, RawMessage, System } from '../model/message.ts';
import type { EventFacts, StoredTrace, Trace, TraceChanges } from '../model/trace.ts';

/** For tests of this folder: short ways to say what an event carries, and a reader of changes as a store would be. */

export function channel(name: string, system: System = 'kafka'): Channel {
  return { system, cluster: 'test', name, kind: system === 'rabbitmq' ? 'exchange' : 'topic' };
}

interface Says {
  /** Keys that join: `{ orderId: 'A-1' }`. */
  readonly joins?: Readonly<Record<string, string>>;
  /** Values out of lists. */
  readonly lists?: readonly (readonly [name: string, value: string])[];
  readonly ids?: readonly string[];
  readonly causes?: readonly string[];
  readonly repliesTo?: string;
  readonly traceId?: string;
  readonly on?: Channel;
  readonly by?: string;
  readonly type?: string;
  readonly at?: number;
  /** Its producer's if it is not said. */
  readonly clock?: RawMessage['clock'];
}

/** An event called `e<seq>` at `seq` × 100 ms. */
export function event(seq: number, says: Says = {}): EventFacts {
  const keys: CorrelationKey[] = [];
  for (const [name, value] of Object.entries(says.joins ?? {})) {
    keys.push({ name, value, origin: 'payload', path: name, role: 'joins' });
  }
  for (const [name, value] of says.lists ?? []) {
    keys.push({ name, value, origin: 'payload', path: `${name}[]`, role: 'member' });
  }
  if (says.traceId !== undefined) {
    keys.push({
      name: 'traceId',
      value: says.traceId,
      origin: 'trace-context',
      path: 'traceparent',
      role: 'joins',
    });
  }
  const causes: Facts['causes'][number][] = (says.causes ?? []).map((id) => ({
    id,
    path: 'causation-id',
    evidence: 'causation-header',
  }));
  if (says.repliesTo !== undefined)
    causes.push({ id: says.repliesTo, path: 'correlation_id', evidence: 'reply-to' });
  const facts: Facts = { type: says.type, producer: says.by, ids: says.ids ?? [], causes, keys };
  return {
    seq,
    id: `e${seq}`,
    channel: says.on ?? channel('orders'),
    time: says.at ?? seq * 100,
    clock: says.clock ?? 'producer',
    facts,
  };
}

/** What a store would hold after these changes; checks on the way that they fit together. */
export class Published {
  readonly traces = new Map<string, Trace>();
  readonly redirects = new Map<string, string | undefined>();

  apply({ upserted, removed }: TraceChanges): this {
    for (const { id, into } of removed) {
      if (!this.traces.delete(id)) throw new Error(`removed ${id}, which was never there`);
      this.redirects.set(id, into);
    }
    for (const trace of upserted) {
      this.traces.set(trace.summary.id, trace);
      this.redirects.delete(trace.summary.id);
    }
    return this;
  }

  /** The members of all traces, in a form that can be compared. */
  members(): string[] {
    return [...this.traces.values()]
      .map((trace) => [...trace.members].sort((a, b) => a - b).join(' '))
      .sort();
  }

  links(): string[] {
    return [...this.traces.values()]
      .flatMap((trace) =>
        trace.links.map((l) => `${trace.summary.id}: ${l.from}→${l.to} ${l.evidence} ${l.confidence}`),
      )
      .sort();
  }

  of(seq: number): Trace[] {
    return [...this.traces.values()].filter((trace) => trace.members.includes(seq));
  }

  /** The look-up as a store does it: whole traces with an event that carries any of the values. */
  stored(events: ReadonlyMap<number, EventFacts>, carries: (event: EventFacts) => boolean): StoredTrace[] {
    const found: StoredTrace[] = [];
    for (const { summary, members } of this.traces.values()) {
      const all = members.map((seq) => events.get(seq) as EventFacts);
      if (all.some(carries)) found.push({ id: summary.id, events: all, failed: summary.failed });
    }
    return found;
  }
}
