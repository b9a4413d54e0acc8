import { hashText } from '../base/hash.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { numbers, type Database } from './database.ts';
import { offsetRank } from './offset-rank.ts';
import type { Segment } from './segment.ts';
import { channelText } from './segment-writer.ts';
import type { Consumption } from './trace-store.ts';

/** An event that a consumer was handed and has not acknowledged, as far as deliveries say. */
export interface InHand {
  readonly event: string;
  readonly consumer: string;
  /** When it was handed out last, epoch ms. */
  readonly since: number;
  readonly count?: number;
}

/** What all deliveries come to, for questions that are asked again and again while they grow. */
export interface DeliveryDigest {
  /** Takes down deliveries that were just stored, in their order. */
  take(deliveries: readonly Delivery[]): void;
  consumption(): Promise<Consumption[]>;
  inHand(channel: string, consumer: string): Promise<InHand[]>;
  /** What all consumers have in hand. */
  allInHand(): Promise<InHand[]>;
  /** Whether deliveries were counted once: from then on an answer takes milliseconds. */
  isCounted(): boolean;
  /** From which rank of offset on a consumer has not read, by partition; null where the channel has none. */
  reached(channel: string, consumer: string): Promise<ReadonlyMap<number | null, string>>;
}

/** Consumer and channel, or event, in one text. */
const pair = (consumer: string, of: string) => `${consumer}\0${of}`;
/** The channel and the offset that the name of an event by position ends with. */
const splitName = (event: string) => {
  const at = event.lastIndexOf('/');
  return { channel: event.slice(0, at), rank: offsetRank(event.slice(at + 1)) };
};

/**
 * What is stored at the start is read once, which takes seconds in a large store; what comes afterwards is taken down as it
 * is stored. Only how many events of a channel were handed out one by one is counted when it is asked, since a delivery
 * does not say of what channel its event is: deliveries count for events of their own segment or of the one before.
 */
export function createDeliveryDigest(db: Database, segments: readonly Segment[]): DeliveryDigest {
  const counted = new Map<string, { channel: Channel; consumer: string; deliveries: number }>();
  const reached = new Map<string, Map<number | null, string>>();
  /** Behind which entry a consumer is that was handed them one by one, by consumer and channel. */
  const handedUpTo = new Map<string, string>();
  /** By consumer and channel, then by the event's name. */
  const hands = new Map<string, Map<string, InHand>>();
  /** What was stored when the store was opened, by the number of its last delivery. */
  const atStart = lastOf(segments);
  let namedUpTo = -1;
  let naming: Promise<void> = Promise.resolve();
  let isCounted = atStart < 0;
  let reading: Promise<void> | undefined;
  /** Came while what was there before is still read. */
  let behind: Delivery[] = [];

  /** Reads what was stored at the start, once; again only where that failed. */
  function whole(): Promise<void> {
    if (isCounted) return Promise.resolve();
    reading ??= readStored().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readStored(): Promise<void> {
    namedUpTo = -1;
    counted.clear();
    reached.clear();
    handedUpTo.clear();
    hands.clear();
    for (const { alias, lastDelivery } of [...segments]) {
      if (lastDelivery < 0) continue;
      const stored = `${alias}.delivery WHERE no <= ${atStart}`;
      await readRanges(stored);
      await readHands(stored);
    }
    isCounted = true;
    const late = behind;
    behind = [];
    for (const delivery of late) takeOne(delivery);
  }

  function takeOne({ subject, consumer, status, evidence, time, before, count: times }: Delivery): void {
    const isListed = evidence === 'pending-entries';
    if ('event' in subject) {
      const { event } = subject;
      const isInHand = status === 'pending' || (isListed && status !== 'acknowledged');
      hand(consumer, event, isInHand, time ?? before ?? 0, times ?? 0);
      if (isListed) readUpTo(consumer, event);
      return;
    }
    const { channel, partition = null, fromOffset, toOffset } = subject;
    const text = channelText(channel);
    count(channel, consumer, rangeLength(fromOffset, toOffset));
    reach(text, consumer, partition, offsetRank(toOffset));
    if (isListed) takeBack(consumer, text, offsetRank(fromOffset), offsetRank(toOffset));
  }

  /** Counts deliveries of single events that were stored since. */
  function countNew(): Promise<void> {
    naming = naming
      .catch(() => undefined)
      .then(async () => {
        for (const [at, { alias, lastDelivery }] of [...segments].entries()) {
          if (lastDelivery <= namedUpTo) continue;
          const fresh = `${alias}.delivery WHERE no > ${namedUpTo} AND no <= ${lastDelivery}`;
          await countNamed(fresh, segments.slice(Math.max(0, at - 1), at + 1));
          namedUpTo = lastDelivery;
        }
      });
    return naming;
  }

  function count(channel: Channel, consumer: string, more: number): void {
    const key = JSON.stringify([channel.system, channel.cluster, channel.kind, channel.name, consumer]);
    const known = counted.get(key);
    if (known) known.deliveries += more;
    else counted.set(key, { channel, consumer, deliveries: more });
  }

  async function countNamed(fresh: string, near: readonly Segment[]): Promise<void> {
    const events = near.map(({ alias }, at) => `SELECT ${at} AS near, source, id_hash FROM ${alias}.event`);
    const rows = await db.read(
      `WITH handed AS (
         SELECT event_hash, body ->> '$.consumer' AS consumer, count(*) AS deliveries
         FROM ${fresh} AND event_hash IS NOT NULL GROUP BY ALL)
       SELECT near, source, consumer, sum(deliveries)::DOUBLE
       FROM handed JOIN (${events.join(' UNION ALL ')}) ON id_hash = event_hash GROUP BY ALL`,
    );
    for (const [at, source, consumer, number] of rows) {
      const found = near[at as number]?.sources[source as number];
      if (found) count(found.channel, consumer as string, number as number);
    }
  }

  /** A range counts as many deliveries as it has offsets. The last one of a partition says how far its consumer is. */
  async function readRanges(fresh: string): Promise<void> {
    const rows = await db.read(
      `SELECT channel, CAST(any_value(body -> '$.subject.channel') AS VARCHAR), body ->> '$.consumer', partition,
         sum(coalesce(try_cast(body ->> '$.subject.toOffset' AS DOUBLE)
           - try_cast(body ->> '$.subject.fromOffset' AS DOUBLE), 1)),
         arg_max(to_rank, no)
       FROM ${fresh} AND event_hash IS NULL GROUP BY ALL`,
    );
    for (const [text, channel, consumer, partition, number, rank] of rows) {
      count(JSON.parse(channel as string) as Channel, consumer as string, number as number);
      reach(text as string, consumer as string, partition as number | null, rank as string);
    }
  }

  function reach(channel: string, consumer: string, partition: number | null, rank: string): void {
    const key = pair(consumer, channel);
    let own = reached.get(key);
    if (!own) reached.set(key, (own = new Map<number | null, string>()));
    // What was handed out one by one was read, whatever a range says that was acknowledged.
    const handed = partition === null ? handedUpTo.get(key) : undefined;
    own.set(partition, handed !== undefined && handed > rank ? handed : rank);
  }

  /** Entries that are handed out one by one: who has them in hand, who is done with them, how far the group has got. */
  async function readHands(fresh: string): Promise<void> {
    const open = [...hands.values()].flatMap((own) => [...own.keys()].map(hashText));
    const listed = `${fresh} AND contains(body, '"pending-entries"')`;
    // Who says that an entry is in hand, and who says how that ended, may be two.
    const named = `${fresh} AND event_hash IS NOT NULL AND (
      event_hash IN (SELECT event_hash FROM ${fresh}
        AND (contains(body, '"pending-entries"') OR contains(body, '"status":"pending"')))
      ${open.length > 0 ? `OR event_hash IN ${numbers(open)}` : ''})`;
    const [handed, passed, ranges] = await Promise.all([
      db.read(
        `WITH handed AS (
           SELECT event_hash, body ->> '$.subject.event' AS event, body ->> '$.consumer' AS consumer,
             max(no) AS last, arg_max(body ->> '$.status', no) AS status,
             arg_max(body ->> '$.evidence', no) AS evidence,
             arg_max(coalesce(try_cast(body ->> '$.time' AS DOUBLE), try_cast(body ->> '$.before' AS DOUBLE), 0), no) AS since,
             arg_max(coalesce(try_cast(body ->> '$.count' AS DOUBLE), 0), no) AS count
           FROM ${named} GROUP BY ALL)
         SELECT last, consumer, event, in_hand, since, count
         FROM (SELECT *, status = 'pending' OR (evidence = 'pending-entries' AND status <> 'acknowledged') AS in_hand FROM handed)
         WHERE in_hand ${open.length > 0 ? `OR event_hash IN ${numbers(open)}` : ''}`,
      ),
      db.read(
        `SELECT consumer, arg_max(event, lpad(split_part(id, '-', 1), 20, '0') || '-' || lpad(split_part(id, '-', 2), 20, '0'))
         FROM (SELECT body ->> '$.consumer' AS consumer, body ->> '$.subject.event' AS event,
             regexp_extract(event, '^(.*)/', 1) AS channel, regexp_extract(event, '[^/]*$') AS id
           FROM ${listed} AND event_hash IS NOT NULL) GROUP BY consumer, channel`,
      ),
      db.read(
        `SELECT no, body ->> '$.consumer', channel, from_rank, to_rank FROM ${listed} AND event_hash IS NULL`,
      ),
    ]);
    for (const [consumer, event] of passed) readUpTo(consumer as string, event as string);
    for (const [, ...fact] of [...handed, ...ranges].sort((a, b) => (a[0] as number) - (b[0] as number))) {
      if (fact.length === 4) takeBack(...(fact as [string, string, string, string]));
      else hand(...(fact as [string, string, boolean, number, number]));
    }
  }

  /** Entries that are handed out one by one are handed out in order. */
  function readUpTo(consumer: string, event: string): void {
    const { channel, rank } = splitName(event);
    const key = pair(consumer, channel);
    const passed = `${rank}~`;
    if (passed > (handedUpTo.get(key) ?? '')) handedUpTo.set(key, passed);
    const known = reached.get(key)?.get(null);
    if (known === undefined || known < passed) reach(channel, consumer, null, passed);
  }

  function hand(consumer: string, event: string, isInHand: boolean, since: number, times: number): void {
    const key = pair(consumer, splitName(event).channel);
    const own = hands.get(key) ?? new Map<string, InHand>();
    if (isInHand) hands.set(key, own);
    if (!isInHand) own.delete(event);
    else own.set(event, { event, consumer, since, ...(times > 0 && { count: times }) });
  }

  /** Everything in a range was acknowledged. */
  function takeBack(consumer: string, channel: string, from: string, to: string): void {
    const own = hands.get(pair(consumer, channel));
    for (const event of own?.keys() ?? []) {
      const { rank } = splitName(event);
      if (from <= rank && rank < to) own?.delete(event);
    }
  }

  return {
    take(deliveries) {
      if (deliveries.length === 0) return;
      if (isCounted) for (const delivery of deliveries) takeOne(delivery);
      else {
        for (const delivery of deliveries) behind.push(delivery);
        // Nobody may ever ask, and what came is not to pile up.
        void whole().catch(() => undefined);
      }
    },
    async consumption() {
      await whole();
      await countNew();
      return [...counted.values()].map((each) => ({ ...each }));
    },
    async inHand(channel, consumer) {
      await whole();
      return [...(hands.get(pair(consumer, channel))?.values() ?? [])];
    },
    async allInHand() {
      await whole();
      return [...hands.values()].flatMap((own) => [...own.values()]);
    },
    isCounted: () => isCounted,
    async reached(channel, consumer) {
      await whole();
      return reached.get(pair(consumer, channel)) ?? new Map();
    },
  };
}

function lastOf(segments: readonly Segment[]): number {
  return segments.reduce((last, { lastDelivery }) => Math.max(last, lastDelivery), -1);
}

/** How many offsets a range has; 1 where they are no numbers. */
function rangeLength(from: string, to: string): number {
  const length = Number(to) - Number(from);
  return Number.isFinite(length) ? length : 1;
}
