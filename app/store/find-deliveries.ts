import { hashText } from '../base/hash.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { numbers, type Database, type Parameter } from './database.ts';
import { offsetRank } from './offset-rank.ts';
import type { Segment } from './segment.ts';
import { channelText } from './segment-writer.ts';
import type { DeliveryPage } from './trace-store.ts';

/** What of an event decides which deliveries are about it. */
interface Subject {
  readonly seq: number;
  readonly id: string;
  readonly channel: Channel;
  readonly partition?: number;
  readonly offset?: string;
}

/** Deliveries about these events, by name or by a range that holds their offset, in order of recording. */
export async function deliveriesOf(
  db: Database,
  segments: readonly Segment[],
  events: readonly Subject[],
): Promise<{ readonly seq: number; readonly delivery: Delivery }[]> {
  if (events.length === 0) return [];
  const byId = new Map(events.map((event) => [event.id, event.seq]));
  const parts = byPart(events);
  const parameters: Parameter[] = [];
  const parameter = (value: Parameter) => `$${parameters.push(value)}`;
  const conditions = [`event_hash IN ${numbers([...byId.keys()].map(hashText))}`];
  for (const { channel, partition, offsets } of parts.values()) {
    const ranks = offsets.map(({ rank }) => rank);
    const low = ranks.reduce((a, b) => (a < b ? a : b));
    const high = ranks.reduce((a, b) => (a > b ? a : b));
    conditions.push(
      `channel = ${parameter(channel)} AND partition IS NOT DISTINCT FROM ${parameter(partition ?? null)}::DOUBLE
       AND from_rank <= ${parameter(high)} AND to_rank > ${parameter(low)}`,
    );
  }
  const searches = segments
    .filter(({ lastDelivery }) => lastDelivery >= 0)
    .flatMap(({ alias }) =>
      conditions.map((condition) => `SELECT no, body FROM ${alias}.delivery WHERE ${condition}`),
    );
  if (searches.length === 0) return [];
  const rows = await db.read(`${searches.join(' UNION ALL ')} ORDER BY no`, parameters);
  return rows.flatMap((row) => {
    const delivery = JSON.parse(row[1] as string) as Delivery;
    const { subject } = delivery;
    if ('event' in subject) {
      const seq = byId.get(subject.event);
      return seq === undefined ? [] : [{ seq, delivery }];
    }
    const from = offsetRank(subject.fromOffset);
    const to = offsetRank(subject.toOffset);
    const part = parts.get(partKey(subject.channel, subject.partition));
    return (part?.offsets ?? [])
      .filter(({ rank }) => from <= rank && rank < to)
      .map(({ seq }) => ({ seq, delivery }));
  });
}

interface Part {
  readonly channel: string;
  readonly partition: number | undefined;
  readonly offsets: { readonly rank: string; readonly seq: number }[];
}

function byPart(events: readonly Subject[]): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const { seq, channel, partition, offset } of events) {
    if (offset === undefined) continue;
    const key = partKey(channel, partition);
    let part = parts.get(key);
    if (!part) parts.set(key, (part = { channel: channelText(channel), partition, offsets: [] }));
    part.offsets.push({ rank: offsetRank(offset), seq });
  }
  return parts;
}

function partKey(channel: Channel, partition: number | undefined): string {
  return `${channelText(channel)}\0${partition ?? ''}`;
}

/** Deliveries recorded after the one with number `cursor`. */
export async function deliveriesAfter(
  db: Database,
  segments: readonly Segment[],
  cursor: number,
  limit: number,
): Promise<DeliveryPage> {
  const searches = segments
    .filter(({ lastDelivery }) => lastDelivery > cursor)
    .map(({ alias }) => `SELECT no, connection, body FROM ${alias}.delivery WHERE no > ${cursor}`);
  if (searches.length === 0) return { rows: [] };
  const found = await db.read(`${searches.join(' UNION ALL ')} ORDER BY no LIMIT ${limit}`);
  const last = found.at(-1)?.[0] as number | undefined;
  const more = found.length === limit && segments.some(({ lastDelivery }) => lastDelivery > last!);
  return {
    rows: found.map((row) => ({
      connection: row[1] as string,
      delivery: JSON.parse(row[2] as string) as Delivery,
    })),
    ...(more && { next: last }),
  };
}
