import { rm } from 'node:fs/promises';
import { hashText } from '../base/hash.ts';
import { factsToText } from '../model/facts-text.ts';
import { numberIn, type Database, type Writer } from './database.ts';
import { eachHash, sourceKey, type EventSource } from './event-row.ts';
import { keyPath } from './key-file.ts';
import type { Segment } from './segment.ts';
import { appendSource, loadStats } from './sources.ts';
import type { FactsUpdate } from './trace-store.ts';

/**
 * Gives events of one segment other facts, in one transaction. What they could be found by before stays in the index:
 * look-ups verify their hits. A sealed segment's file of keys is removed first, so that it is made again from the events
 * should this be interrupted; `sealed` says that it has to be.
 */
export async function rewriteFacts(
  db: Database,
  writer: Writer,
  segment: Segment,
  updates: readonly FactsUpdate[],
): Promise<void> {
  const { alias, sources, index } = segment;
  if (!index) await rm(keyPath(segment.path), { force: true, maxRetries: 5, retryDelay: 200 });
  const rows = await db.read(
    `SELECT seq, source FROM ${alias}.event WHERE ${numberIn(
      'seq',
      updates.map(({ seq }) => seq),
    )}`,
  );
  const sourceOf = new Map(rows.map((row) => [row[0] as number, row[1] as number]));
  const places = new Map(sources.map((source, id) => [keyOf(source), id]));
  const added: EventSource[] = [];
  const pairs: number[] = [];

  /** The place of the source that an event has now. */
  function place(update: FactsUpdate, before: number): number {
    const { type, producer } = update.facts;
    const { type: _, producer: __, ...same } = sources[before] ?? added[before - sources.length]!;
    const source: EventSource = {
      ...same,
      ...(type !== undefined && { type }),
      ...(producer !== undefined && { producer }),
    };
    const key = keyOf(source);
    let id = places.get(key);
    if (id === undefined) {
      id = sources.length + added.push(source) - 1;
      places.set(key, id);
    }
    return id;
  }

  await writer.run('CREATE OR REPLACE TEMP TABLE rewritten (seq DOUBLE, source INTEGER, facts VARCHAR)');
  const temporary = await writer.appender('rewritten', 'temp');
  for (const update of updates) {
    const before = sourceOf.get(update.seq);
    if (before === undefined) continue;
    temporary.appendDouble(update.seq);
    temporary.appendInteger(place(update, before));
    temporary.appendVarchar(factsToText(update.facts));
    temporary.endRow();
    if (index) eachHash(update.facts, hashText(update.id), (hash) => pairs.push(hash, update.seq));
  }
  temporary.closeSync();
  const low = updates.reduce((min, { seq }) => Math.min(min, seq), Infinity);
  const high = updates.reduce((max, { seq }) => Math.max(max, seq), -Infinity);
  await writer.transaction(async () => {
    if (added.length > 0) {
      const appender = await writer.appender('source', alias);
      added.forEach((source, at) => {
        appendSource(appender, sources.length + at, source);
      });
      appender.closeSync();
    }
    if (pairs.length > 0) {
      const appender = await writer.appender('key_run', alias);
      appender.appendBlob(new Uint8Array(Float64Array.from(pairs).buffer));
      appender.endRow();
      appender.closeSync();
    }
    await writer.run(
      `UPDATE ${alias}.event SET source = r.source, facts = r.facts FROM temp.rewritten r
       WHERE event.seq = r.seq AND event.seq BETWEEN ${low} AND ${high}`,
    );
  });
  await writer.run('DROP TABLE temp.rewritten');
  sources.push(...added);
  for (let i = 0; i < pairs.length; i += 2) index?.add(pairs[i]!, pairs[i + 1]!);
  segment.stats.splice(0, Infinity, ...(await loadStats(db, segment)));
}

function keyOf({ format, type, producer, ...source }: EventSource): string {
  return sourceKey({ ...source, payload: { format }, facts: { type, producer } });
}
