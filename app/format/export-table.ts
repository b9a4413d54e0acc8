import { basename, dirname, join } from 'node:path';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { eventTable } from './message-rows.ts';
import { openParquet, sqlText } from './parquet.ts';
import { eventRows } from './stored-rows.ts';

/** How each format is written; in CSV bytes become base64, which every reader of CSV can take. */
const formats = {
  parquet: { columns: '*', options: 'format parquet, compression zstd' },
  csv: {
    columns: '* replace (to_base64(key_bytes) as key_bytes, to_base64(payload_bytes) as payload_bytes)',
    options: 'format csv, header true',
  },
} as const;

export type TableFormat = keyof typeof formats;

/**
 * Writes the events of a store as one table for other tools: the columns of `eventTable`, with times as timestamps in
 * UTC instead of epoch ms. Deliveries and coverage are not in it: a capture or message lines hold everything.
 *
 * @returns the number of events written.
 */
export async function exportTable(
  store: Pick<TraceStore, 'exportEventsAfter'>,
  path: string,
  format: TableFormat,
): Promise<number> {
  const dir = makeTemporaryDir(join(dirname(path), `.${basename(path)}-`));
  const parquet = await openParquet();
  try {
    let events = 0;
    for await (const file of parquet.write(eventTable, eventRows(store), dir)) events += file.rows;
    const { columns, options } = formats[format];
    const source =
      events === 0
        ? `(select ${eventTable.columns.map(([name, type]) => `null::${type} as "${name}"`).join(', ')} where false)`
        : `read_parquet(${sqlText(join(dir, '*.parquet'))})`;
    const times = `select * replace (make_timestamp((time * 1000)::bigint) as time,
      make_timestamp((observed_at * 1000)::bigint) as observed_at, partition::integer as partition, size::bigint as size)`;
    await parquet.run(
      `copy (select ${columns} from (${times} from ${source})) to ${sqlText(path)} (${options})`,
    );
    return events;
  } finally {
    parquet.close();
    await removeTemporaryDir(dir);
  }
}
