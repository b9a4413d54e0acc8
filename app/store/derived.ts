import type { DuckDBAppender } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Link, TraceSummary } from '../model/trace.ts';
import { attachFile } from './attach.ts';
import { createBitSet } from './bit-set.ts';
import {
  attachStatement,
  numberIn,
  numbers,
  schema,
  type Database,
  type Row,
  type Writer,
} from './database.ts';
import { systemsOf, type PackedTraces } from './packed-traces.ts';
import { createRecentTraces, recentKept, type RecentTrace, type RecentTraces } from './recent-traces.ts';
import { traceId, tryTraceNumber } from './trace-number.ts';

/** Traces, links and memberships: the file that can be rebuilt. SQL names it `derived`. */
export interface Derived {
  readonly watermark: number;
  /** Traces held. */
  readonly size: number;
  apply(traces: PackedTraces): Promise<void>;
  /** The number of the trace that an id leads to, merges followed. */
  resolve(id: string): Promise<number | undefined>;
  /** A page of all traces, newest last event first. */
  page(limit: number, offset: number): Promise<readonly TraceSummary[]>;
  summary(no: number): Promise<TraceSummary | undefined>;
  members(nos: readonly number[]): Promise<readonly { readonly no: number; readonly seq: number }[]>;
  links(no: number): Promise<readonly Link[]>;
  /** Summaries and links of many traces in one read each, by number. */
  details(nos: readonly number[]): Promise<{
    readonly summaries: ReadonlyMap<number, TraceSummary>;
    readonly links: ReadonlyMap<number, readonly Link[]>;
  }>;
  /** Links in and out of an event, each once, whatever traces they are of. */
  linksOf(seq: number): Promise<readonly Link[]>;
  tracesOf(seqs: readonly number[]): Promise<readonly number[]>;
  /** In which traces each of these events is. */
  memberships(seqs: readonly number[]): Promise<readonly { readonly no: number; readonly seq: number }[]>;
  summariesOf(seq: number): Promise<readonly TraceSummary[]>;
  /** Forgets what concerns dropped events only. */
  dropBefore(seq: number): Promise<void>;
  /** Forgets everything; the watermark begins anew. Reads may go on meanwhile. */
  forget(): Promise<void>;
  /** The same for a file that may be wrong: it is made anew. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const derivedFormat = 1;
const tables = ['trace', 'trace_member', 'link', 'alias'] as const;
/** Rows written between checkpoints of the file. */
const checkpointEvery = 400_000;

export async function openDerived(
  db: Database,
  dir: string,
  warn: (warning: string) => void,
): Promise<Derived> {
  const writer = await db.writer();
  const path = join(dir, 'derived.duckdb');
  let state = await attachDerived(db, writer, path, warn);
  let rowsWritten = 0;

  async function apply(traces: PackedTraces): Promise<void> {
    const { removed: gone, watermark } = traces;
    if (rowsWritten >= checkpointEvery) {
      rowsWritten = 0;
      await writer.run('CHECKPOINT derived');
    }
    const { known, rows } = state;
    const dead = [...traces.no, ...gone.map(({ no }) => no)].filter((no) => known.has(no));
    // Each step waits for a thread of its own: on a busy machine fewer of them are quicker.
    const begin = [`UPDATE derived.derived SET watermark = ${watermark}`];
    if (dead.length > 0) {
      const list = numbers(dead);
      for (const table of ['trace', 'trace_member', 'link']) {
        begin.push(`DELETE FROM derived.${table} WHERE no IN ${list}`);
      }
    }
    try {
      await writer.transaction(() => {
        rowsWritten += appendTraces(rows, traces);
        for (const { no, into } of gone) {
          if (into === undefined) continue;
          rows.alias.appendDouble(no);
          rows.alias.appendDouble(into);
          rows.alias.endRow();
        }
        for (const table of tables) rows[table].flushSync();
      }, begin);
    } catch (error) {
      for (const table of tables) rows[table].clear();
      state.rows = await appenders(writer);
      throw error;
    }
    const { recent } = state;
    for (const { no } of gone) {
      known.delete(no);
      recent.remove(no);
    }
    traces.no.forEach((no, i) => {
      known.add(no);
      recent.put(recentTrace(rowOf(traces, i)));
    });
    state.watermark = watermark;
    state.writes++;
  }

  const summariesWhere = async (condition: string): Promise<readonly TraceSummary[]> =>
    (await db.read(`SELECT ${summaryColumns} FROM derived.trace WHERE ${condition}`)).map(summaryFromRow);

  const derived: Derived = {
    get watermark() {
      return state.watermark;
    },
    get size() {
      return state.known.size;
    },
    apply,
    async resolve(id) {
      let no = tryTraceNumber(id);
      // Redirects are followed one by one; more than a few mean a circle.
      for (let hops = 0; hops < 100 && no !== undefined; hops++) {
        if (state.known.has(no)) return no;
        const [row] = await db.read(
          `SELECT new FROM derived.alias WHERE old = ${no} ORDER BY rowid DESC LIMIT 1`,
        );
        no = row?.[0] as number | undefined;
      }
      return undefined;
    },
    async page(limit, offset) {
      const held = state.recent.page(limit, offset);
      if (held) return held;
      const found = await newest(db, limit, offset);
      // Memory was left with too few: it begins anew with what the file says.
      if (offset + limit <= recentKept) await loadRecent(db, state);
      return found.map(summaryFromRow);
    },
    summary: async (no) => (await summariesWhere(`no = ${no}`))[0],
    async members(nos) {
      if (nos.length === 0) return [];
      const rows = await db.read(`SELECT no, seq FROM derived.trace_member WHERE ${numberIn('no', nos)}`);
      return rows.map((row) => ({ no: row[0] as number, seq: row[1] as number }));
    },
    links: async (no) =>
      (await db.read(`SELECT ${linkColumns} FROM derived.link WHERE no = ${no}`)).map(linkFromRow),
    async details(nos) {
      if (nos.length === 0) return { summaries: new Map(), links: new Map() };
      const [traces, links] = await Promise.all([
        db.read(`SELECT ${summaryColumns} FROM derived.trace WHERE ${numberIn('no', nos)}`),
        db.read(`SELECT ${linkColumns}, no FROM derived.link WHERE ${numberIn('no', nos)}`),
      ]);
      const byTrace = Map.groupBy(links, (row) => row[5] as number);
      return {
        summaries: new Map(traces.map((row) => [row[0] as number, summaryFromRow(row)])),
        links: new Map([...byTrace].map(([no, rows]) => [no, rows.map(linkFromRow)])),
      };
    },
    linksOf: async (seq) =>
      (
        await db.read(
          `SELECT DISTINCT ${linkColumns} FROM derived.link WHERE "from" = ${seq}
           UNION SELECT ${linkColumns} FROM derived.link WHERE "to" = ${seq}`,
        )
      ).map(linkFromRow),
    async tracesOf(seqs) {
      if (seqs.length === 0) return [];
      const rows = await db.read(
        `SELECT DISTINCT no FROM derived.trace_member WHERE ${numberIn('seq', seqs)}`,
      );
      return rows.map((row) => row[0] as number);
    },
    async memberships(seqs) {
      if (seqs.length === 0) return [];
      const low = seqs.reduce((a, b) => Math.min(a, b));
      const high = seqs.reduce((a, b) => Math.max(a, b));
      const rows = await db.read(
        `SELECT no, seq FROM derived.trace_member WHERE seq BETWEEN ${low} AND ${high} AND ${numberIn('seq', seqs)}`,
      );
      return rows.map((row) => ({ no: row[0] as number, seq: row[1] as number }));
    },
    async summariesOf(seq) {
      const nos = await derived.tracesOf([seq]);
      return nos.length === 0 ? [] : summariesWhere(`${numberIn('no', nos)} ORDER BY "end" DESC`);
    },
    async dropBefore(seq) {
      await writer.transaction(async () => {
        await writer.run(`DELETE FROM derived.trace_member WHERE seq < ${seq}`);
        await writer.run(`DELETE FROM derived.link WHERE "from" < ${seq} AND "to" < ${seq}`);
        await writer.run(
          `DELETE FROM derived.trace WHERE no < ${seq} AND no NOT IN (SELECT no FROM derived.trace_member)`,
        );
        await writer.run(
          `DELETE FROM derived.alias WHERE old < ${seq} AND new NOT IN (SELECT no FROM derived.trace) AND new NOT IN (SELECT old FROM derived.alias)`,
        );
      });
      await writer.run('CHECKPOINT derived');
      await loadKnown(db, state);
    },
    async forget() {
      await writer.transaction(async () => {
        for (const table of tables) await writer.run(`DELETE FROM derived.${table}`);
        await writer.run('UPDATE derived.derived SET watermark = 0');
      });
      await writer.run('CHECKPOINT derived');
      await loadKnown(db, state);
      state.watermark = 0;
    },
    async reset() {
      for (const table of tables) state.rows[table].closeSync();
      await db.quiet();
      await writer.run('DETACH derived');
      await rm(path, { force: true });
      await rm(`${path}.wal`, { force: true });
      state = await attachDerived(db, writer, path, warn);
    },
    async close() {
      for (const table of tables) state.rows[table].closeSync();
      await writer.run('CHECKPOINT derived');
      writer.close();
    },
  };
  return derived;
}

type Appenders = Record<(typeof tables)[number], DuckDBAppender>;

interface State {
  watermark: number;
  known: ReturnType<typeof createBitSet>;
  readonly recent: RecentTraces;
  /** How often it was written to. */
  writes: number;
  rows: Appenders;
}

async function attachDerived(
  db: Database,
  writer: Writer,
  path: string,
  warn: (warning: string) => void,
): Promise<State> {
  const { attached, setAside } = await attachFile(writer, path, 'derived');
  const [head] = attached
    ? await db.read('SELECT format, watermark FROM derived.derived').catch(() => [] as readonly Row[])
    : [];
  let watermark = head?.[1] as number | undefined;
  // Without its log the file is older than its segments think: it is made anew, and filled from them.
  if (head?.[0] !== derivedFormat || setAside !== undefined) {
    if (setAside !== undefined) warn(`${setAside} Traces are worked out again from the recorded events.`);
    if (attached) await writer.run('DETACH derived');
    await rm(path, { force: true });
    await rm(`${path}.wal`, { force: true });
    await writer.run(attachStatement(path, 'derived'));
    await writer.transaction(async () => {
      await writer.run('USE derived');
      await writer.run(schema('derived'));
      await writer.run(`INSERT INTO derived.derived VALUES (${derivedFormat}, 0)`);
    });
    await writer.run('USE memory');
    watermark = 0;
  }
  const state: State = {
    watermark: watermark!,
    known: createBitSet(),
    recent: createRecentTraces(),
    writes: 0,
    rows: await appenders(writer),
  };
  await loadKnown(db, state);
  return state;
}

async function appenders(writer: Writer): Promise<Appenders> {
  const rows = {} as Appenders;
  for (const table of tables) rows[table] = await writer.appender(table, 'derived');
  return rows;
}

async function loadKnown(db: Database, state: State): Promise<void> {
  state.known = createBitSet();
  for (const no of await db.readNumbers('SELECT no FROM derived.trace')) state.known.add(no);
  state.writes++;
  await loadRecent(db, state);
}

/** Fills what is kept of the newest traces from the file, unless it is written to meanwhile. */
async function loadRecent(db: Database, state: State): Promise<void> {
  const { writes } = state;
  const rows = await newest(db, recentKept, 0);
  if (state.writes === writes) state.recent.begin(rows.map(recentTrace), rows.length < recentKept);
}

/** Rows of traces, newest last event first; `where` is SQL, or empty for all. */
export function newest(db: Database, limit: number, offset: number, where = ''): Promise<readonly Row[]> {
  return db.read(
    `SELECT ${summaryColumns} FROM derived.trace ${where} ORDER BY "end" DESC, no DESC LIMIT $1 OFFSET $2`,
    [limit, offset],
  );
}

function recentTrace(row: Row): RecentTrace {
  return { no: row[0] as number, end: row[2] as number, summary: () => summaryFromRow(row) };
}

/** Appends traces with their members and links; answers how many rows that took. */
function appendTraces(rows: Appenders, traces: PackedTraces): number {
  const { no, members, links } = traces;
  let member = 0;
  for (let i = 0; i < no.length; i++) {
    rows.trace.appendDouble(no[i]!);
    rows.trace.appendDouble(traces.start[i]!);
    rows.trace.appendDouble(traces.end[i]!);
    rows.trace.appendInteger(traces.events[i]!);
    rows.trace.appendInteger(traces.hops[i]!);
    rows.trace.appendInteger(traces.systems[i]!);
    rows.trace.appendBoolean(traces.failed[i] === 1);
    rows.trace.appendVarchar(traces.keys[i]!);
    rows.trace.endRow();
    for (const end = member + traces.memberCount[i]!; member < end; member++) {
      rows.trace_member.appendDouble(no[i]!);
      rows.trace_member.appendDouble(members[member]!);
      rows.trace_member.endRow();
    }
  }
  for (const { no: of, link } of links) {
    rows.link.appendDouble(of);
    rows.link.appendDouble(link.from);
    rows.link.appendDouble(link.to);
    rows.link.appendVarchar(link.evidence);
    rows.link.appendDouble(link.confidence);
    rows.link.appendVarchar(link.why);
    rows.link.endRow();
  }
  return no.length + members.length + links.length;
}

/** Columns of `summaryFromRow`, in order. */
const summaryColumns = 'no, start, "end", events, hops, systems, failed, keys';

/** The columns of a summary, of traces on their way into the file. */
function rowOf({ no, start, end, events, hops, systems, failed, keys }: PackedTraces, i: number): Row {
  return [no[i]!, start[i]!, end[i]!, events[i]!, hops[i]!, systems[i]!, failed[i] === 1, keys[i]!];
}

export function summaryFromRow(row: Row): TraceSummary {
  const [no, start, end, events, hops, bits, failed, keys] = row as [
    number,
    number,
    number,
    number,
    number,
    number,
    boolean,
    string,
  ];
  return {
    id: traceId(no),
    keys: (JSON.parse(keys) as [string, string][]).map(([name, value]) => ({ name, value })),
    start,
    end,
    events,
    hops,
    systems: systemsOf(bits),
    failed,
  };
}

const linkColumns = '"from", "to", evidence, confidence, why';

function linkFromRow(row: Row): Link {
  const [from, to, evidence, confidence, why] = row as [number, number, Link['evidence'], number, string];
  return { from, to, evidence, confidence, why };
}
