import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { join } from 'node:path';

/** A value of a row; null where there is none. */
export type Cell = string | number | Uint8Array | null;
export type Row = readonly Cell[];
export type ColumnType = 'VARCHAR' | 'DOUBLE' | 'BLOB';

export interface Table {
  readonly name: string;
  /** In the order of a row's cells. Names are identifiers of ours, never data. */
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
}

/** Writes and reads Parquet files: DuckDB in memory, bounded, apart from any store. */
export interface Parquet {
  /** Writes rows into files of at most `rowsPerFile`, in order, in `dir`. Yields each file once it is complete. */
  write(
    table: Table,
    pages: AsyncIterable<readonly Row[]>,
    dir: string,
  ): AsyncIterable<{ path: string; rows: number }>;
  /** The file's rows in order, in pages; null in columns that it lacks. Throws where they are larger than `mostBytes`. */
  read(table: Table, path: string, mostBytes: number): AsyncIterable<readonly Row[]>;
  /** Runs one statement of ours. */
  run(sql: string): Promise<void>;
  close(): void;
}

/** So many rows are held in memory while a file is written; with 500-byte payloads about 50 MB. */
export const rowsPerFile = 50_000;
/** Payloads may be large: a file also ends after so many characters and bytes. */
const sizePerFile = 64 * 1024 * 1024;

export async function openParquet(): Promise<Parquet> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '768MB' });
  const connection = await instance.connect();
  return {
    write: (table, pages, dir) => write(connection, table, pages, dir),
    read: (table, path, mostBytes) => read(connection, table, path, mostBytes),
    run: async (sql) => void (await connection.run(sql)),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function* write(
  connection: DuckDBConnection,
  table: Table,
  pages: AsyncIterable<readonly Row[]>,
  dir: string,
): AsyncIterable<{ path: string; rows: number }> {
  const columns = table.columns.map(([name, type]) => `"${name}" ${type}`).join(', ');
  let file = 0;
  let rows = 0;
  let size = 0;
  let appender: DuckDBAppender | undefined;
  const finish = async (): Promise<{ path: string; rows: number }> => {
    appender?.closeSync();
    appender = undefined;
    const path = join(dir, `${table.name}-${String(++file).padStart(5, '0')}.parquet`);
    await connection.run(`copy "${table.name}" to ${sqlText(path)} (format parquet, compression zstd)`);
    const written = { path, rows };
    rows = 0;
    size = 0;
    return written;
  };
  for await (const page of pages) {
    for (const row of page) {
      if (!appender) {
        await connection.run(`create or replace table "${table.name}" (${columns})`);
        appender = await connection.createAppender(table.name);
      }
      size += appendRow(appender, row);
      rows++;
      if (rows >= rowsPerFile || size >= sizePerFile) yield await finish();
    }
  }
  if (rows > 0) yield await finish();
  await connection.run(`drop table if exists "${table.name}"`);
}

function appendRow(appender: DuckDBAppender, row: Row): number {
  let size = 0;
  for (const cell of row) {
    if (cell === null) appender.appendNull();
    else if (typeof cell === 'string') appender.appendVarchar(cell);
    else if (typeof cell === 'number') appender.appendDouble(cell);
    else appender.appendBlob(cell);
    if (cell !== null && typeof cell !== 'number') size += cell.length;
  }
  appender.endRow();
  return size;
}

async function* read(
  connection: DuckDBConnection,
  table: Table,
  path: string,
  mostBytes: number,
): AsyncIterable<readonly Row[]> {
  const source = `read_parquet(${sqlText(path)})`;
  const described = await connection.runAndReadAll(`describe select * from ${source}`);
  const there = new Set<unknown>(described.getRowsJS().map(([name]) => name));
  const known = table.columns.filter(([name]) => there.has(name));
  if (known.length === 0) throw new Error('it has none of the columns of a capture');
  // Dictionaries let a small file stand for a huge one: how large it is can be told without unpacking it.
  const sizes = known.map(([name, type]) => {
    const size = type === 'BLOB' ? `octet_length("${name}")` : `strlen(cast("${name}" as VARCHAR))`;
    return `coalesce(sum(${size}::DOUBLE), 0)`;
  });
  const [total] = (await connection.runAndReadAll(`select ${sizes.join(' + ')} from ${source}`)).getRowsJS();
  if (Number(total?.[0]) > mostBytes) throw new Error('it unpacks to far more than captures hold');
  const columns = table.columns.map(([name, type]) =>
    there.has(name) ? `cast("${name}" as ${type})` : `cast(null as ${type})`,
  );
  const result = await connection.stream(`select ${columns.join(', ')} from ${source}`);
  // The casts make the cells what the columns say.
  for await (const rows of result.yieldRowsJs()) yield rows as Row[];
}
