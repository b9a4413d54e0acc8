import type { DuckDBBlobValue } from '@duckdb/node-api';
import { hashText } from '../base/hash.ts';
import { eachHash, factsColumns, factsFromRow, type EventSource } from './event-row.ts';
import { attachStatement, schema, type Database, type Writer } from './database.ts';
import { createKeyIndex, type KeyIndex } from './key-index.ts';
import { openKeyFile, writeKeyFile, type KeyFile } from './key-file.ts';
import type { Ledger, LedgerTable } from './ledger.ts';

/** Events of one source in a segment. Times are epoch ms. */
export interface SourceStats {
  events: number;
  first: number;
  last: number;
}

/** One attached file of events. It grows, is sealed once, and is dropped whole. */
export interface Segment {
  readonly path: string;
  /** Its name in SQL. */
  readonly alias: string;
  readonly number: number;
  /** Numbers of its first and last event. Ranges of neighbours may overlap a little. */
  min: number;
  max: number;
  events: number;
  /** Number of the last delivery, or -1. */
  lastDelivery: number;
  /** By the id that events carry. */
  readonly sources: EventSource[];
  readonly stats: SourceStats[];
  /** While it is not sealed; afterwards the file of keys answers. */
  index: KeyIndex | undefined;
  keys: KeyFile | undefined;
  /** Sorted hashes of its event names, once somebody asked. */
  idHashes: Float64Array | undefined;
}

export const ledgerTables: readonly LedgerTable[] = ['checkpoint', 'coverage', 'topology'];
const segmentFormat = 2;

function emptySegment(path: string, alias: string, number: number): Segment {
  return {
    path,
    alias,
    number,
    min: Infinity,
    max: -Infinity,
    events: 0,
    lastDelivery: -1,
    sources: [],
    stats: [],
    index: createKeyIndex(),
    keys: undefined,
    idHashes: undefined,
  };
}

/** Makes the file and carries the ledger over. Once it exists it is whole: schema and ledger are in the file, not in a log. */
export async function createSegment(
  writer: Writer,
  path: string,
  alias: string,
  number: number,
  ledger: Ledger,
): Promise<Segment> {
  await writer.run(attachStatement(path, alias));
  await writer.transaction(async () => {
    // Statements of the schema name no file; they go to the current one.
    await writer.run(`USE ${alias}`);
    await writer.run(schema('segment'));
    await writer.run(`INSERT INTO segment VALUES (${segmentFormat}, false)`);
    for (const table of ledgerTables) await copyLedger(writer, alias, table, ledger);
  });
  await writer.run('USE memory');
  await writer.run(`CHECKPOINT ${alias}`);
  return emptySegment(path, alias, number);
}

/** Writes the whole ledger table anew, within the transaction that runs. */
export async function copyLedger(
  writer: Writer,
  alias: string,
  table: LedgerTable,
  ledger: Ledger,
): Promise<void> {
  await writer.run(`DELETE FROM ${alias}.${table}`);
  const rows = await writer.appender(table, alias);
  for (const [connection, body] of ledger.snapshot(table)) {
    rows.appendVarchar(connection);
    rows.appendVarchar(body);
    rows.endRow();
  }
  rows.closeSync();
}

/** Reads what is kept in memory of an attached segment. Undefined when the file has no whole schema. */
export async function loadSegment(
  db: Database,
  path: string,
  alias: string,
  number: number,
): Promise<Segment | undefined> {
  const [head] = await db
    .read(`SELECT format, sealed FROM ${alias}.segment`)
    .catch(() => [] as readonly never[]);
  if (!head) return undefined;
  if (head[0] !== segmentFormat) {
    throw new Error(
      `${path} was written by another version of Headwater (format ${String(head[0])}; this one reads ${segmentFormat}). Update Headwater, or choose another --data folder.`,
    );
  }
  const segment = emptySegment(path, alias, number);
  await loadSources(db, segment);
  const [last] = await db.read(`SELECT coalesce(max(no), -1) FROM ${alias}.delivery`);
  segment.lastDelivery = last![0] as number;
  if (head[1] === true) await openKeys(db, segment);
  else segment.index = await readIndex(db, segment);
  return segment;
}

async function loadSources(db: Database, segment: Segment): Promise<void> {
  const rows = await db.read(
    `SELECT id, connection, system, cluster, channel, kind, clock, format, type, producer,
            coalesce(events, 0)::DOUBLE, first, last, low, high
     FROM ${segment.alias}.source LEFT JOIN (
       SELECT source, count(*) AS events, min(time) AS first, max(time) AS last, min(seq) AS low, max(seq) AS high
       FROM ${segment.alias}.event GROUP BY source
     ) ON source = id ORDER BY id`,
  );
  for (const row of rows) {
    const [, connection, system, cluster, name, kind, clock, format, type, producer] = row as string[];
    segment.sources.push({
      connection: connection!,
      channel: { system, cluster, name, kind } as EventSource['channel'],
      clock: clock as EventSource['clock'],
      format: format as EventSource['format'],
      ...(type !== null && { type }),
      ...(producer !== null && { producer }),
    });
    const [events, first, last, low, high] = row.slice(10) as number[];
    segment.stats.push({ events: events!, first: first ?? Infinity, last: last ?? -Infinity });
    segment.events += events!;
    segment.min = Math.min(segment.min, low ?? Infinity);
    segment.max = Math.max(segment.max, high ?? -Infinity);
  }
}

async function readIndex(db: Database, { alias }: Segment): Promise<KeyIndex> {
  const index = createKeyIndex();
  for (const [blob] of await db.read(`SELECT pairs FROM ${alias}.key_run`)) {
    // Copied: what DuckDB gives need not begin where a double may.
    const pairs = new Float64Array(new Uint8Array((blob as DuckDBBlobValue).bytes).buffer);
    for (let i = 0; i < pairs.length; i += 2) index.add(pairs[i]!, pairs[i + 1]!);
  }
  return index;
}

/** Opens the file of keys; one that is gone or broken is made again from what the events say. */
export async function openKeys(db: Database, segment: Segment): Promise<void> {
  segment.keys = await openKeyFile(segment.path);
  if (!segment.keys) {
    const index = createKeyIndex();
    const { alias, min, max } = segment;
    const page = 20_000;
    for (let from = min; from <= max; from += page) {
      const rows = await db.read(
        `SELECT ${factsColumns} FROM ${alias}.event WHERE seq >= ${from} AND seq < ${from + page}`,
      );
      for (const row of rows) {
        const { seq, id, facts } = factsFromRow(row, segment.sources);
        eachHash(facts, hashText(id), (hash) => index.add(hash, seq));
      }
    }
    await writeKeyFile(segment.path, index);
    segment.keys = await openKeyFile(segment.path);
  }
  segment.index = undefined;
}

/** Writes the keys as a file in which a look-up reads one page, and everything else into the segment's own. */
export async function sealSegment(writer: Writer, segment: Segment): Promise<void> {
  const { alias, path, index } = segment;
  if (!index) return;
  await writeKeyFile(path, index);
  await writer.transaction(async () => {
    await writer.run(`DROP TABLE ${alias}.key_run`);
    await writer.run(`UPDATE ${alias}.segment SET sealed = true`);
  });
  await writer.run(`CHECKPOINT ${alias}`);
  segment.keys = await openKeyFile(path);
  if (segment.keys) segment.index = undefined;
}
