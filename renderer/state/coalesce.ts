/**
 * Wraps a reload so that it runs once at a time and at most every `gap` ms: calls meanwhile become one more run
 * afterwards. The wrapped function must not reject.
 */
export function coalesce(run: () => Promise<void>, gap: number): () => void {
  let running = false;
  let again = false;
  const go = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await run();
      await new Promise((resolve) => setTimeout(resolve, gap));
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void go();
  };
}
