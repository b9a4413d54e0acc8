import { useEffect, useState } from 'react';
import { parseQuery } from '../../../app/language/parse-query.ts';
import { printQuery } from '../../../app/language/print-query.ts';
import type { Query } from '../../../app/language/query.ts';
import { hasEvents } from '../../state/event-list.ts';

/** A search in which a word that was looked for as a key is taken for something else. */
interface Meaning {
  readonly query: string;
  /** What it was taken for: `type:OrderPlaced`. */
  readonly text: string;
}

const none: readonly Meaning[] = [];
const systems = ['kafka', 'rabbitmq', 'redis', 'aws'];

/** What else the bare words of a search may mean; only what finds something is offered. */
export function useOtherMeanings(search: string): readonly Meaning[] {
  const [found, setFound] = useState<{ readonly search: string; readonly meanings: readonly Meaning[] }>();
  useEffect(() => {
    let stale = false;
    const look = async (): Promise<void> => {
      const all = otherMeanings(search);
      const known = await Promise.all(all.map(({ query }) => hasEvents(query)));
      if (!stale) setFound({ search, meanings: all.filter((_, index) => known[index]) });
    };
    void look();
    return () => {
      stale = true;
    };
  }, [search]);
  return found?.search === search ? found.meanings : none;
}

/** Each bare word as type, channel or system. */
function otherMeanings(search: string): Meaning[] {
  const { query } = parseQuery(search);
  return query.keys.flatMap((key) => {
    if (key.name !== undefined) return [];
    const { value } = key;
    const keys = query.keys.filter((each) => each !== key);
    const as = (part: Partial<Query>): Meaning => ({
      query: printQuery({ ...query, keys, ...part }),
      text: printQuery({ keys: [], systems: [], channels: [], types: [], ...part }),
    });
    return [
      as({ types: [value] }),
      as({ channels: [value] }),
      ...(systems.includes(value.toLowerCase()) ? [as({ systems: [value.toLowerCase()] })] : []),
    ];
  });
}
