import { useEffect, useState } from 'react';
import type { ConnectionDto, TraceRow } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { useConnections } from './connections.ts';

/** Whether a file is on its way into the store. */
export const isBeingRead = ({ system, phase }: ConnectionDto): boolean =>
  system === 'file' && (phase === 'connecting' || phase === 'live');

/**
 * The traces that a capture says it holds, while it is read and nothing else is recorded: they fill the list at once.
 * Beside other traces the list is what is recorded, and grows by itself.
 */
export function useAnnounced(): readonly TraceRow[] {
  const alone = useConnections(({ byId }) => {
    const recorded = [...byId.values()].filter((each) => each.events > 0 || isBeingRead(each));
    const [only] = recorded;
    return recorded.length === 1 && only && isBeingRead(only) && only.capture ? only.id : undefined;
  });
  const [announced, setAnnounced] = useState<{ of: string; rows: readonly TraceRow[] }>();
  useEffect(() => {
    if (alone === undefined) return;
    let gone = false;
    engine()
      .traces.announced({ connection: alone })
      .then((rows) => {
        if (!gone) setAnnounced({ of: alone, rows });
      })
      // The list says by itself what there is.
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [alone]);
  return alone !== undefined && announced?.of === alone ? announced.rows : none;
}

const none: readonly TraceRow[] = [];
