import { useCallback, useEffect, useState } from 'react';

/** How long after the pointer last moved the reader may still be about to click, ms. */
const settle = 4000;

interface Stillness {
  readonly still: boolean;
  /** Lets it move again, until the pointer does. */
  release(): void;
}

/** Still while the reader points into the element: what they are about to click must not move. */
export function useStillness(element: { readonly current: HTMLElement | null }): Stillness {
  const [still, setStill] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = (): void => {
      clearTimeout(timer);
      setStill(false);
    };
    const hold = (): void => {
      clearTimeout(timer);
      setStill(true);
      timer = setTimeout(release, settle);
    };
    current.addEventListener('pointermove', hold);
    current.addEventListener('pointerleave', release);
    return () => {
      clearTimeout(timer);
      current.removeEventListener('pointermove', hold);
      current.removeEventListener('pointerleave', release);
    };
  }, [element]);
  const release = useCallback(() => setStill(false), []);
  return { still, release };
}
