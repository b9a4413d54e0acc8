/** Things that arrive by callback and are taken in batches by one reader. */
export interface Inbox<T> {
  /** How many wait to be taken. */
  readonly size: number;
  put(item: T): void;
  /** What was put before is still taken; then `take` throws this. The first end or failure counts. */
  fail(error: unknown): void;
  /** What was put before is still taken; then `take` resolves with nothing. */
  end(): void;
  /** Waits for at least one item. An empty batch means the end. */
  take(): Promise<readonly T[]>;
  /** Resolves once fewer than `max` wait, or it is over: paces whoever can wait. */
  room(max: number): Promise<void>;
}

/** Makes an inbox without a bound: who puts into it has to wait for `room`, or to drop by `size`. */
export function createInbox<T>(): Inbox<T> {
  let items: T[] = [];
  let over: { readonly error?: unknown; readonly failed: boolean } | undefined;
  let wake: (() => void) | undefined;
  let waiting: (() => void)[] = [];
  const letIn = () => {
    for (const go of waiting) go();
    waiting = [];
  };
  const finish = (how: NonNullable<typeof over>) => {
    over ??= how;
    wake?.();
    letIn();
  };
  return {
    get size() {
      return items.length;
    },
    put(item) {
      items.push(item);
      wake?.();
    },
    fail: (error) => finish({ failed: true, error }),
    end: () => finish({ failed: false }),
    async take() {
      if (items.length === 0 && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      if (items.length === 0 && over?.failed) throw over.error;
      const taken = items;
      items = [];
      letIn();
      return taken;
    },
    async room(max) {
      while (items.length >= max && !over) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
