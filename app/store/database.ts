import {
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

export type Row = readonly DuckDBValue[];
export type Parameter = string | number | boolean | null;

/**
 * The one DuckDB instance of a store; files are attached to it under an alias. Reads go through a small pool of
 * connections, since a connection answers one statement at a time; each writer holds a connection of its own.
 */
export interface Database {
  /** All rows of one statement. Values of users go into `parameters`, never into the text. */
  read(sql: string, parameters?: readonly Parameter[]): Promise<readonly Row[]>;
  /** One column of numbers, without a JavaScript value for each. */
  readNumbers(sql: string): Promise<Float64Array>;
  writer(): Promise<Writer>;
  /**
   * Runs `work` with memory enough for about so many bytes at once: DuckDB holds a transaction whole, and a group of
   * rows when it writes them into the file, and fails both where that goes beyond its limit. Infinity: what there is.
   */
  withRoom<T>(bytes: number, work: () => Promise<T>): Promise<T>;
  /** Counts something that reads in several steps as one read that runs until its promise settles. */
  hold<T>(reading: Promise<T>): Promise<T>;
  /** Resolves once the reads that run now have ended: what they may look at can then be detached. */
  quiet(): Promise<void>;
  close(): void;
}

export interface Writer {
  run(sql: string, parameters?: readonly Parameter[]): Promise<void>;
  appender(table: string, alias: string): Promise<DuckDBAppender>;
  /** All that `first` and then `work` write, or nothing of it. May write to one attached file only. */
  transaction(work: () => void | Promise<void>, first?: readonly string[]): Promise<void>;
  close(): void;
}

/** Connections that read at the same time; a long export must not keep look-ups waiting. */
const readers = 4;

/** What DuckDB may take in quiet times, most of it as a cache, bytes. */
const baseMemory = 256e6;
/** What it may take at most, bytes. */
const allMemory = Math.max(baseMemory, totalmem() * 0.7);

function memoryLimit(bytes: number): string {
  return `'${Math.floor(Math.min(allMemory, baseMemory + bytes * 3) / 1e6)}MB'`;
}

/** Opens an instance that holds nothing yet. `scratch` is a folder for what does not fit into memory. */
export async function createDatabase(scratch: string): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    // Checkpoints are ours to time: with DuckDB's own threshold, one flush in a few takes a second and more.
    checkpoint_threshold: '2GB',
    memory_limit: `${baseMemory / 1e6}MB`,
    temp_directory: scratch,
    // One for each statement: look-ups are too small to share, and the other core belongs to who records.
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const idle: DuckDBConnection[] = [];
  let open = 0;
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  const active = new Set<Promise<unknown>>();
  /** What large works that run now asked for, bytes. */
  let room = 0;

  async function take(): Promise<DuckDBConnection> {
    const free = idle.pop();
    if (free) return free;
    if (open < readers) {
      open++;
      return instance.connect();
    }
    return new Promise((resolve) => waiting.push(resolve));
  }

  function withReader<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = take().then((connection) =>
      work(connection).finally(() => {
        const next = waiting.shift();
        if (next) next(connection);
        else idle.push(connection);
      }),
    );
    return hold(result);
  }

  function hold<T>(reading: Promise<T>): Promise<T> {
    active.add(reading);
    const done = () => active.delete(reading);
    reading.then(done, done);
    return reading;
  }

  return {
    read: (sql, parameters = []) =>
      withReader(async (connection) => {
        const reader = await connection.runAndReadAll(sql, bound(parameters));
        return reader.getRows();
      }),
    readNumbers: (sql) =>
      withReader(async (connection) => {
        const result = await connection.run(sql);
        const chunks = await result.fetchAllChunks();
        const column = new Float64Array(chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0));
        let at = 0;
        for (const chunk of chunks) {
          chunk.visitColumnValues(0, (value) => {
            column[at++] = value as number;
          });
        }
        return column;
      }),
    writer: async () => createWriter(await instance.connect()),
    async withRoom(bytes, work) {
      // What fits beside the cache needs no room of its own.
      if (bytes < baseMemory / 8) return work();
      const limiter = await instance.connect();
      // Refused while more is in use than the limit would allow: then the next one, or the last, sets it.
      const limit = () =>
        limiter.run(`SET GLOBAL memory_limit = ${memoryLimit(room)}`).catch(() => undefined);
      room += bytes;
      await limit();
      try {
        return await work();
      } finally {
        room = Math.max(0, room - bytes);
        await limit();
        limiter.closeSync();
      }
    },
    hold,
    async quiet() {
      await Promise.allSettled(active);
    },
    close() {
      for (const connection of idle) connection.closeSync();
      instance.closeSync();
    },
  };
}

function createWriter(connection: DuckDBConnection): Writer {
  const run = async (sql: string, parameters: readonly Parameter[] = []) => {
    await connection.run(sql, bound(parameters));
  };
  return {
    run,
    appender: (table, alias) => connection.createAppender(table, 'main', alias),
    async transaction(work, first = []) {
      try {
        await run(['BEGIN', ...first].join('; '));
        await work();
        await run('COMMIT');
      } catch (error) {
        // A failed commit has ended the transaction already; then there is nothing to roll back.
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    close: () => connection.closeSync(),
  };
}

/** Without values a statement is run in one call to DuckDB; with them it is taken apart, prepared, bound and run. */
function bound(parameters: readonly Parameter[]): DuckDBValue[] | undefined {
  return parameters.length === 0 ? undefined : [...parameters];
}

/** The statements of a schema file, beside this one. */
export function schema(name: 'segment' | 'derived'): string {
  return readFileSync(new URL(`./schema/${name}.sql`, import.meta.url), 'utf8');
}

/** A list of numbers as a subquery: `IN (SELECT unnest([…]))` becomes a semi-join, which plain `IN (…)` does not. */
export function numbers(values: Iterable<number>): string {
  return `(SELECT unnest([${[...values].join(',')}]::DOUBLE[]))`;
}

/** A condition on a column of numbers. Few are compared one by one, which lets DuckDB skip what is far away. */
export function numberIn(column: string, values: readonly number[]): string {
  if (values.length > 16 || values.length === 0) return `${column} IN ${numbers(values)}`;
  return `(${values.map((value) => `${column} = ${value}`).join(' OR ')})`;
}

/**
 * Attaches a file. Row groups are smaller than DuckDB's own: a look-up reads whole ones, and the sorted keys let it
 * read just one.
 */
export function attachStatement(path: string, alias: string): string {
  return `ATTACH ${literal(path)} AS ${alias} (ROW_GROUP_SIZE 32768)`;
}

/** A text as an SQL literal, for names of our own (paths, aliases). */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
