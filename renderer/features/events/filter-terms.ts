import type { EventRowDto } from '../../../app/contract/page.ts';
import { parseQuery } from '../../../app/language/parse-query.ts';
import { printQuery } from '../../../app/language/print-query.ts';
import { emptyQuery } from '../../../app/language/query.ts';
import type { Query } from '../../../app/language/query.ts';

export type EventColumn = 'time' | 'system' | 'channel' | 'type' | 'key' | 'producer' | 'size' | 'trace';

/** What an event can be searched by. */
export interface FilterTerm {
  readonly column: EventColumn;
  readonly query: Query;
  /** As one types it: `channel:orders`. */
  readonly text: string;
}

/** All that the search can tell events like this one by; those of `first` come first. */
export function filterTerms(row: EventRowDto, first?: EventColumn): readonly FilterTerm[] {
  const { channel, type, key, keys } = row;
  const term = (column: EventColumn, part: Partial<Query>): FilterTerm => {
    const query = { ...emptyQuery, ...part };
    return { column, query, text: printQuery(query) };
  };
  const terms = [
    ...(type === undefined ? [] : [term('type', { types: [type] })]),
    term('channel', { channels: [channel.name] }),
    term('system', { systems: [channel.system] }),
    ...keys.map(({ name, value }) => term('trace', { keys: [{ name, value }] })),
    // A message key that is no correlation key can be searched all the same.
    ...(key === undefined || key === '' ? [] : [term('key', { keys: [{ value: key }] })]),
  ];
  return first === undefined
    ? terms
    : terms.toSorted((a, b) => Number(b.column === first) - Number(a.column === first));
}

/** The search narrowed by a term. Several values of one field would widen it, so the new one takes their place. */
export function narrowed(search: string, term: Query): string {
  const { query } = parseQuery(search);
  const oneOf = (now: readonly string[], before: readonly string[]): readonly string[] =>
    now.length > 0 ? now : before;
  const isNew = (key: Query['keys'][number]): boolean =>
    !query.keys.some(({ name, value }) => name === key.name && value === key.value);
  return printQuery({
    ...query,
    systems: oneOf(term.systems, query.systems),
    channels: oneOf(term.channels, query.channels),
    types: oneOf(term.types, query.types),
    keys: [...query.keys, ...term.keys.filter(isNew)],
  });
}
