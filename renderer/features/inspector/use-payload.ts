import { useEffect, useState } from 'react';
import type { EventDetailDto } from '../../../app/contract/page.ts';
import { readPayload } from '../../state/events.ts';

/** Up to this many characters a payload is fetched whole and read as a tree; beyond, only slices of it are shown. */
export const wholeLimit = 1_000_000;

/** The whole text of a payload; undefined while it is on its way, and where it is too large to be held whole. */
export function usePayload({ head, payload }: EventDetailDto): string | undefined {
  const complete = payload.text.length >= payload.length;
  const [fetched, setFetched] = useState<{ id: string; text: string }>();
  const { id } = head;
  const { length, text } = payload;
  const wanted = !complete && length <= wholeLimit;
  useEffect(() => {
    if (!wanted) return undefined;
    let current = true;
    readPayload(id, text.length, length)
      .then((rest) => current && setFetched({ id, text: text + rest }))
      // Without the rest the beginning is shown in slices, which can be asked for again.
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [wanted, id, text, length]);
  return complete ? text : fetched?.id === id ? fetched.text : undefined;
}
