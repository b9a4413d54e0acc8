import type { EventRowDto } from '../../app/contract/page.ts';
import { parseQuery } from '../../app/language/parse-query.ts';
import { momentTime } from '../../app/language/query.ts';
import type { FakeTrace } from './build.ts';

interface Range {
  readonly query: string;
  readonly from?: number;
  readonly to?: number;
}
type Page = Range & { readonly before?: number; readonly after?: number; readonly limit: number };

/** Events in the order in which they were recorded, as the live tail asks for them. */
export class Tail {
  private readonly rows: EventRowDto[] = [];

  /** Takes what of these traces has happened by `now`, in order of time. */
  add(traces: readonly FakeTrace[], now: number): void {
    const found = traces.flatMap((trace) => trace.events.map((event) => ({ trace, event })));
    found.sort((a, b) => a.event.head.time - b.event.head.time);
    for (const { trace, event } of found) {
      if (event.head.time > now) continue;
      const seq = this.rows.length + 1;
      this.rows.push({ ...event.head, seq, trace: trace.id, hasProblems: event.problems.length > 0 });
    }
  }

  list({ before = Infinity, after, limit, ...range }: Page) {
    const { matches, notes } = filter(range);
    const found = this.rows.filter((row) => row.seq < before && row.seq > (after ?? 0) && matches(row));
    const page = after === undefined ? found.slice(-limit) : found.slice(0, limit);
    return { rows: page.reverse(), newest: this.rows.length, more: found.length > limit, notes };
  }

  histogram({ buckets, ...range }: Range & { from: number; to: number; buckets: number }) {
    const { from, to } = range;
    const { matches } = filter(range);
    const series = new Map<EventRowDto['channel']['system'], number[]>();
    for (const row of this.rows) {
      if (!matches(row)) continue;
      const { system } = row.channel;
      const counts = series.get(system) ?? Array.from({ length: buckets }, () => 0);
      series.set(system, counts);
      const at = Math.min(buckets - 1, Math.floor(((row.time - from) / (to - from)) * buckets));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return { from, to, series: [...series].map(([system, counts]) => ({ system, counts })) };
  }

  /** All events of a time. */
  within(times: { readonly from?: number; readonly to?: number }): EventRowDto[] {
    const { matches } = filter({ query: '', ...times });
    return this.rows.filter(matches);
  }

  /** The newest events of a channel, oldest first. */
  newestOn(channel: string, count: number): EventRowDto[] {
    return this.rows.filter((row) => row.channel.name === channel).slice(-count);
  }
}

function filter({ query: text, from = -Infinity, to = Infinity }: Range) {
  const { query, notes } = parseQuery(text);
  const { keys, systems, channels, types, after, before } = query;
  const now = Date.now();
  const low = Math.max(from, after ? momentTime(after, now) : from);
  const high = Math.min(to, before ? momentTime(before, now) : to);
  const oneOf = (wanted: readonly string[], value = ''): boolean =>
    wanted.length === 0 || wanted.includes(value);
  return {
    matches: (row: EventRowDto): boolean =>
      row.time >= low &&
      row.time <= high &&
      oneOf(systems, row.channel.system) &&
      oneOf(channels, row.channel.name) &&
      oneOf(types, row.type) &&
      keys.every(({ name, value }) =>
        row.keys.some((key) => key.value === value && (name === undefined || key.name === name)),
      ),
    notes: query.status
      ? [...notes, 'status is of traces; it does not narrow a list of events.']
      : [...notes],
  };
}
