import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer satisfies, or fails with the last answer: never a fixed wait. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T> | T,
  satisfies: (answer: T) => boolean = Boolean,
  { withinMs = 30_000, everyMs = 100 } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: T | undefined;
  let error: unknown;
  for (;;) {
    try {
      last = await ask();
      error = undefined;
      if (satisfies(last)) return last;
    } catch (thrown) {
      error = thrown;
    }
    if (Date.now() > deadline) {
      const seen =
        error instanceof Error ? error.message : (JSON.stringify(last) ?? 'nothing').slice(0, 2_000);
      throw new Error(`${what}: not within ${withinMs} ms; last seen: ${seen}`);
    }
    await sleep(everyMs);
  }
}
