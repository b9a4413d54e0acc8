import type { Header, Json } from '../../model/message.ts';

/** A table of AMQP fields as amqplib decodes it: texts, numbers, booleans, null, buffers, arrays, tables, typed values. */
export type AmqpTable = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is AmqpTable {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** The table under a name, or an empty one. */
export function tableOf(value: unknown): AmqpTable {
  return isTable(value) ? value : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Seconds of an AMQP timestamp, which amqplib gives as a number or as `{'!': 'timestamp', value}`. */
export function secondsOf(value: unknown): number | undefined {
  const seconds = isTable(value) && value['!'] === 'timestamp' ? value.value : value;
  return typeof seconds === 'number' ? seconds : undefined;
}

/** An AMQP value as JSON: timestamps as ISO text, decimals as numbers, bytes as `{"base64": …}`. */
export function toJson(value: unknown): Json {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  if (!isTable(value)) return null;
  if (value['!'] === 'timestamp') return isoOf(secondsOf(value)) ?? null;
  if (value['!'] === 'decimal') {
    const { places, digits } = tableOf(value.value);
    return Number(digits) / 10 ** Number(places);
  }
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, toJson(v)]));
}

function isoOf(seconds: number | undefined): string | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Headers as Headwater keeps them: texts and bytes as they are, everything else as JSON. */
export function toHeaders(table: AmqpTable): readonly Header[] {
  return Object.entries(table).map(([name, value]): Header => {
    if (typeof value === 'string' || value instanceof Uint8Array) return [name, value];
    const json = toJson(value);
    return [name, typeof json === 'string' ? json : JSON.stringify(json)];
  });
}

/** JSON with the keys of tables sorted: equal for tables that differ in order only. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([name, v]) => `${JSON.stringify(name)}:${canonical(v)}`).join()}}`;
}
