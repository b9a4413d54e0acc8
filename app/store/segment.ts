import type { EventSource } from './event-row.ts';
import { attachStatement, schema, type Database, type Writer } from './database.ts';
import { createKeyIndex, type KeyIndex } from './key-index.ts';
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
  /** While it is not sealed; afterwards the sorted table answers. */
  index: KeyIndex | undefined;
  /** Sorted hashes of its event names, once somebody asked. */
  idHashes: Float64Array | undefined;
}

export const ledgerTables: readonly LedgerTable[] = ['checkpoint', 'coverage', 'topology'];
const segmentFormat = 1;

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
  if (head[1] === true) segment.index = undefined;
  else await loadIndex(db, segment);
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

/** The keys of a growing segment as rows; numbers to 2^53 survive the way through text. */
function keysOf(alias: string): string {
  const list = (column: string) => `unnest(string_split(${column}, ',')::DOUBLE[])`;
  return `SELECT ${list('hashes')} AS hash, ${list('seqs')} AS seq FROM ${alias}.key_run`;
}

async function loadIndex(db: Database, segment: Segment): Promise<void> {
  const index = createKeyIndex();
  const hashes = await db.readNumbers(`SELECT hash FROM (${keysOf(segment.alias)})`);
  const seqs = await db.readNumbers(`SELECT seq FROM (${keysOf(segment.alias)})`);
  for (let i = 0; i < hashes.length; i++) index.add(hashes[i]!, seqs[i]!);
  segment.index = index;
}

/** Sorts the key hashes, so that a look-up reads one block of them, and writes everything into the file. */
export async function sealSegment(writer: Writer, segment: Segment): Promise<void> {
  const { alias } = segment;
  await writer.transaction(async () => {
    await writer.run(
      `CREATE TABLE ${alias}.key_hash AS SELECT hash, seq FROM (${keysOf(alias)}) ORDER BY hash, seq`,
    );
    await writer.run(`DROP TABLE ${alias}.key_run`);
    await writer.run(`UPDATE ${alias}.segment SET sealed = true`);
  });
  await writer.run(`CHECKPOINT ${alias}`);
  segment.index = undefined;
}
