/**
 * Settles as the promise does, unless it takes longer than `ms` or the signal aborts: then it throws what
 * `onTimeout` makes, or the signal's reason. A promise that settles later is ignored, whichever way.
 */
export function withTimeout<T>(
  promise: Promise<T>,
  ms: number,
  onTimeout: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => settle(() => reject(signal?.reason as Error));
    const timer = setTimeout(() => settle(() => reject(onTimeout())), ms);
    const settle = (how: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      how();
    };
    if (signal?.aborted) return aborted();
    signal?.addEventListener('abort', aborted);
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

/** Waits; resolves early, without an error, when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
