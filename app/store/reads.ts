import type { Event } from '../model/event.ts';
import type { Link } from '../model/trace.ts';
import type { Database } from './database.ts';
import type { Derived } from './derived.ts';
import {
  eventColumns,
  eventFromRow,
  factsColumns,
  factsFromRow,
  headColumns,
  headFromRow,
} from './event-row.ts';
import { channelActivity } from './channel-activity.ts';
import { countEvents } from './count-events.ts';
import type { DeliveryDigest } from './delivery-digest.ts';
import { deliveriesAfter, deliveriesOf } from './find-deliveries.ts';
import { candidates, findById, rowsBySeq, type FoundRow } from './find-events.ts';
import { eventRowsAfter, keyHashesAfter } from './in-order.ts';
import { readLarge } from './large-payloads.ts';
import type { Ledger } from './ledger.ts';
import { createHeldTraces } from './held-traces.ts';
import { findWaiting } from './find-waiting.ts';
import { listEvents } from './list-events.ts';
import { listTraces, statusCondition } from './list-traces.ts';
import type { Segments } from './segments.ts';
import { traceId } from './trace-number.ts';
import type { EventFilter, EventHead, TraceStore } from './trace-store.ts';

export interface ReadsOptions {
  readonly db: Database;
  readonly segments: Segments;
  readonly derived: Derived;
  readonly digest: DeliveryDigest;
  readonly ledger: Ledger;
  /** The number up to which everything is stored. */
  readonly settled: () => number;
}

type Reads = Omit<
  TraceStore,
  | 'append'
  | 'applyTraces'
  | 'putTopology'
  | 'putKeyEdits'
  | 'keyEdits'
  | 'putLinkEdits'
  | 'linkEdits'
  | 'rewriteFacts'
  | 'forgetTraces'
  | 'state'
  | 'close'
>;

/** Everything that reads. Reads run beside each other and beside writes; no file is detached under one that runs. */
export function createReads(options: ReadsOptions): Reads {
  const reads = createBareReads(options);
  const held = Object.entries(reads).map(([name, read]) => [
    name,
    (...values: never[]) => options.db.hold((read as (...values: never[]) => Promise<unknown>)(...values)),
  ]);
  return Object.fromEntries(held) as Reads;
}

function createBareReads({ db, segments: { list }, derived, digest, ledger, settled }: ReadsOptions): Reads {
  const held = createHeldTraces(db, list, derived, digest);
  const isWanted = async ({ status, now }: EventFilter): Promise<string | undefined> =>
    status === undefined ? undefined : statusCondition(held, status, now);

  /** With the producer whose name became known only after the event was stored. */
  function named<T extends Pick<EventHead, 'connection' | 'facts' | 'client' | 'observedAt'>>(event: T): T {
    if (event.facts.producer !== undefined || event.client === undefined) return event;
    const producer = ledger.clientName(event.connection, event.client, event.observedAt);
    return producer === undefined ? event : { ...event, facts: { ...event.facts, producer } };
  }

  async function heads(seqs: Iterable<number>): Promise<EventHead[]> {
    const found = await rowsBySeq(db, list, headColumns, seqs);
    return found
      .map(({ segment, row }) => named(headFromRow(row, segment.sources)))
      .sort((a, b) => a.time - b.time || a.seq - b.seq);
  }

  async function wholeEvent({ segment, row }: FoundRow): Promise<Event> {
    const { event: bare, large } = eventFromRow(row, segment.sources);
    const client = bare.notes?.['connection'];
    const { facts } = named({ ...bare, client: typeof client === 'string' ? client : undefined });
    const event = { ...bare, facts };
    if (!large) return event;
    const content = await readLarge(segment.path, large);
    const [, , kind] = large;
    const payload = kind === 'text' ? { text: Buffer.from(content).toString() } : { bytes: content };
    return { ...event, payload: { ...event.payload, ...payload } };
  }

  async function linkedHeads(seq: number) {
    const links = await derived.linksOf(seq);
    const otherEnd = (link: Link) => (link.from === seq ? link.to : link.from);
    const others = new Map((await heads(links.map(otherEnd))).map((head) => [head.seq, head]));
    return links.flatMap((link) => {
      const other = others.get(otherEnd(link));
      return other ? [{ link, other }] : [];
    });
  }

  return {
    async checkpoints(connection) {
      return ledger.checkpoints(connection);
    },
    async lookUpKeys(hashes) {
      const seqs = await candidates(list, hashes);
      const nos = await derived.tracesOf([...seqs]);
      const [members, { summaries }] = await Promise.all([derived.members(nos), derived.details(nos)]);
      const found = await rowsBySeq(db, list, factsColumns, new Set(members.map(({ seq }) => seq)));
      const facts = new Map(found.map(({ segment, row }) => [row[0], factsFromRow(row, segment.sources)]));
      const byTrace = Map.groupBy(members, ({ no }) => no);
      return [...byTrace].map(([no, own]) => ({
        id: traceId(no),
        failed: summaries.get(no)?.failed ?? false,
        events: own
          .sort((a, b) => a.seq - b.seq)
          .flatMap(({ seq }) => {
            const event = facts.get(seq);
            return event ? [event] : [];
          }),
      }));
    },
    async factsAfter(after, limit) {
      const found = await eventRowsAfter(db, list, factsColumns, after, limit);
      return found.map(({ segment, row }) => factsFromRow(row, segment.sources));
    },
    keyHashesAfter: (cursor, limit) => keyHashesAfter(list, cursor, limit),
    listTraces: (filter, limit, offset) => listTraces(db, list, derived, held, filter, limit, offset),
    async listEvents(filter, range) {
      const page = await listEvents(db, list, derived, filter, range, settled(), await isWanted(filter));
      return { ...page, rows: page.rows.map(named) };
    },
    async countEvents(filter, buckets) {
      return countEvents(db, list, filter, buckets, await isWanted(filter));
    },
    async trace(id) {
      const no = await derived.resolve(id);
      if (no === undefined) return undefined;
      const [summary, members, links] = await Promise.all([
        derived.summary(no),
        derived.members([no]),
        derived.links(no),
      ]);
      if (!summary) return undefined;
      const events = await heads(members.map(({ seq }) => seq));
      return { summary, events, links, deliveries: await deliveriesOf(db, list, events) };
    },
    async traces(ids) {
      const resolved = await Promise.all(ids.map((id) => derived.resolve(id)));
      const nos = [...new Set(resolved.filter((no) => no !== undefined))];
      if (nos.length === 0) return [];
      const [members, { summaries, links }] = await Promise.all([derived.members(nos), derived.details(nos)]);
      const events = await heads(new Set(members.map(({ seq }) => seq)));
      const deliveries = Map.groupBy(await deliveriesOf(db, list, events), ({ seq }) => seq);
      const seqsOf = Map.groupBy(members, ({ no }) => no);
      const bySeq = new Map(events.map((event, at) => [event.seq, at]));
      return nos.flatMap((no) => {
        const summary = summaries.get(no);
        if (!summary) return [];
        const places = (seqsOf.get(no) ?? []).flatMap(({ seq }) => bySeq.get(seq) ?? []);
        const own = places.sort((a, b) => a - b).flatMap((at) => events[at] ?? []);
        return [
          {
            summary,
            events: own,
            links: links.get(no) ?? [],
            deliveries: own.flatMap(({ seq }) => deliveries.get(seq) ?? []),
          },
        ];
      });
    },
    async event(id) {
      const found = await findById(db, list, eventColumns, id);
      if (!found) return undefined;
      const event = await wholeEvent(found);
      const subject = { ...event, ...event.position };
      const [deliveries, links, traces] = await Promise.all([
        deliveriesOf(db, list, [subject]),
        linkedHeads(event.seq),
        derived.summariesOf(event.seq),
      ]);
      return { event, deliveries: deliveries.map(({ delivery }) => delivery), links, traces };
    },
    async topologies() {
      return ledger.topologies();
    },
    activity: (times) => channelActivity(db, list, times),
    consumption: () => digest.consumption(),
    waiting: (subject) => findWaiting(db, list, derived, digest, subject),
    held: () => held.list(false),
    async coverage(connection) {
      return ledger.coverages(connection);
    },
    async exportEventsAfter(after, limit) {
      const found = await eventRowsAfter(db, list, eventColumns, after, limit);
      return Promise.all(found.map(wholeEvent));
    },
    exportDeliveriesAfter: (cursor, limit) => deliveriesAfter(db, list, cursor, limit),
  };
}
