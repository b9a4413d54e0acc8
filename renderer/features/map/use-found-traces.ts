import { useEffect, useState } from 'react';
import type { TraceRow } from '../../../app/contract/page.ts';
import { parseQuery } from '../../../app/language/parse-query.ts';
import { findTraces } from '../../state/find-traces.ts';

/** How long typing pauses before traces are looked for, ms. */
const settle = 160;
/** Traces that are offered; one more tells that there are others. */
export const offered = 4;

/** The newest traces that carry the key that was typed on the map; undefined while nothing is known. */
export function useFoundTraces(find: string): readonly TraceRow[] | undefined {
  const [found, setFound] = useState<{ readonly find: string; readonly traces: readonly TraceRow[] }>();
  const asks = parseQuery(find).query.keys.length > 0;
  useEffect(() => {
    if (!asks) return undefined;
    let stale = false;
    const timer = setTimeout(async () => {
      const traces = await findTraces(find, offered + 1);
      if (!stale) setFound({ find, traces });
    }, settle);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [find, asks]);
  return found?.find === find ? found.traces : undefined;
}
