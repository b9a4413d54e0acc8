import type { Channel } from '../model/message.ts';
import { numberIn, type Database, type Parameter } from './database.ts';
import type { DeliveryDigest } from './delivery-digest.ts';
import type { Derived } from './derived.ts';
import { seqsByName } from './held-traces.ts';
import { listedBySeq } from './list-events.ts';
import type { Segment } from './segment.ts';
import { channelText } from './segment-writer.ts';
import type { ListedEvent, Waiting } from './trace-store.ts';

/** The rank of an offset (offset-rank.ts), in SQL. */
const rankInSql = `CASE WHEN contains("offset", '-')
  THEN lpad(split_part("offset", '-', 1), 20, '0') || '-' || lpad(split_part("offset", '-', 2), 20, '0')
  ELSE lpad("offset", 20, '0') END`;

/** What waits on a channel for one consumer, as far as its deliveries tell; `limit` of each sort, the longest first. */
export async function findWaiting(
  db: Database,
  segments: readonly Segment[],
  derived: Derived,
  digest: DeliveryDigest,
  { channel, consumer, limit }: { channel: Channel; consumer: string; limit: number },
): Promise<Waiting> {
  const name = channelText(channel);
  const [inHand, reached] = await Promise.all([
    digest.inHand(name, consumer),
    digest.reached(name, consumer),
  ]);
  const oldest = inHand.toSorted((a, b) => a.since - b.since).slice(0, limit);
  const [seqs, unread] = await Promise.all([
    seqsByName(
      db,
      segments,
      oldest.map(({ event }) => event),
    ),
    findUnread(db, segments, channel, reached, limit),
  ]);
  const rows = await listedBySeq(db, segments, derived, [...seqs.values(), ...unread.seqs]);
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const found = (seq: number | undefined): ListedEvent[] => {
    const row = seq === undefined ? undefined : bySeq.get(seq);
    return row ? [row] : [];
  };
  return {
    inHand: oldest.flatMap(({ event, since, count }) =>
      found(seqs.get(event)).map((row) => ({ event: row, since, ...(count !== undefined && { count }) })),
    ),
    inHandCount: inHand.length,
    ...(reached.size > 0 && {
      unread: unread.seqs.flatMap(found),
      unreadCount: unread.count,
      unknownPartitions: await partitionsBeside(db, segments, channel, reached),
    }),
  };
}

function sourcesOf({ sources, stats }: Segment, { system, cluster, name, kind }: Channel): number[] {
  return sources.flatMap(({ channel }, id) =>
    channel.name === name &&
    channel.kind === kind &&
    channel.cluster === cluster &&
    channel.system === system &&
    stats[id]!.events > 0
      ? [id]
      : [],
  );
}

/** Numbers of the channel's events that the consumer has not got to, the earliest first, and how many there are. */
async function findUnread(
  db: Database,
  segments: readonly Segment[],
  channel: Channel,
  reached: ReadonlyMap<number | null, string>,
  limit: number,
): Promise<{ readonly seqs: readonly number[]; readonly count: number }> {
  if (reached.size === 0) return { seqs: [], count: 0 };
  const parameters: Parameter[] = [];
  const beyond = [...reached].map(([partition, rank]) => {
    const isThere = partition === null ? 'partition IS NULL' : `partition = ${partition}`;
    return `${isThere} AND ${rankInSql} >= $${parameters.push(rank)}`;
  });
  let rows: (readonly [seq: number, time: number])[] = [];
  let count = 0;
  // All segments: what waits longest may be on a partition of which newer ones hold nothing.
  for (const segment of segments) {
    const sources = sourcesOf(segment, channel);
    if (sources.length === 0) continue;
    const found = await db.read(
      `SELECT seq, time, count(*) OVER ()::DOUBLE FROM ${segment.alias}.event
       WHERE ${numberIn('source', sources)} AND ((${beyond.join(') OR (')})) ORDER BY time, seq LIMIT ${limit}`,
      parameters,
    );
    count += (found[0]?.[2] as number | undefined) ?? 0;
    rows = [...rows, ...(found as unknown as (readonly [number, number])[])]
      .sort((a, b) => a[1] - b[1] || a[0] - b[0])
      .slice(0, limit);
  }
  return { seqs: rows.map(([seq]) => seq), count };
}

/** How many partitions hold events of which it is not known how far the consumer has got. */
async function partitionsBeside(
  db: Database,
  segments: readonly Segment[],
  channel: Channel,
  reached: ReadonlyMap<number | null, string>,
): Promise<number> {
  const newest = segments.findLast((segment) => sourcesOf(segment, channel).length > 0);
  if (!newest) return 0;
  const rows = await db.read(
    `SELECT DISTINCT partition FROM ${newest.alias}.event WHERE ${numberIn('source', sourcesOf(newest, channel))}`,
  );
  return rows.filter(([partition]) => !reached.has(partition as number | null)).length;
}
