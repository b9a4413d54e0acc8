import type { DuckDBAppender } from '@duckdb/node-api';
import type { Extra } from './event-row.ts';
import { largeFrom, type LargePayload, type LargePayloads } from './large-payloads.ts';
import type { PackedEvents } from './packed-events.ts';

/** Appends one row of the `event` table. Each call crosses into native code: the columns are few for that reason. */
export function appendEvent(
  rows: DuckDBAppender,
  events: PackedEvents,
  i: number,
  source: number,
  payloads: LargePayloads,
): void {
  const content = events.payload[i];
  const large = content !== undefined && content.length >= largeFrom ? payloads.put(content) : undefined;
  const partition = events.partition[i]!;
  const extra = events.extra[i];
  rows.appendDouble(events.seq[i]!);
  rows.appendInteger(source);
  rows.appendVarchar(events.id[i]!);
  rows.appendDouble(events.idHash[i]!);
  if (Number.isNaN(partition)) rows.appendNull();
  else rows.appendDouble(partition);
  appendText(rows, events.offset[i]);
  rows.appendDouble(events.time[i]!);
  rows.appendDouble(events.observedAt[i]!);
  appendText(rows, events.key[i]);
  appendText(rows, events.headers[i]);
  appendText(rows, typeof content === 'string' && !large ? content : undefined);
  if (typeof content === 'object' && !large) rows.appendBlob(content);
  else rows.appendNull();
  rows.appendDouble(events.size[i]!);
  rows.appendVarchar(events.facts[i]!);
  appendText(rows, large ? withLarge(extra, large) : extra);
  rows.endRow();
}

/** Appends a text, or null where there is none. */
export function appendText(rows: DuckDBAppender, text: string | undefined): void {
  if (text === undefined) rows.appendNull();
  else rows.appendVarchar(text);
}

function withLarge(extra: string | undefined, large: LargePayload): string {
  return JSON.stringify({
    ...(extra === undefined ? {} : (JSON.parse(extra) as Extra)),
    large,
  } satisfies Extra);
}
