/** Items from several writers to one reader, in the order of arrival. Writers bound themselves by `taken`. */
export class Mailbox<T> {
  private readonly waiting: { readonly item: T; readonly taken: () => void }[] = [];
  private wake: (() => void) | undefined;
  private ended = false;
  private failure: unknown;

  /** Resolves when the reader has taken the item, or reads no more. */
  put(item: T): Promise<void> {
    if (this.ended) return Promise.resolve();
    return new Promise((taken) => {
      this.waiting.push({ item, taken });
      this.wake?.();
    });
  }

  /** Ends the reading after what is already there. */
  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** Ends the reading at once with an error. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.end();
  }

  /** The next item; undefined after the end. Throws what `fail` was given. */
  async take(): Promise<T | undefined> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      const next = this.waiting.shift();
      if (next) {
        next.taken();
        return next.item;
      }
      if (this.ended) return undefined;
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  /** Lets all writers go that still wait. */
  close(): void {
    this.ended = true;
    for (const { taken } of this.waiting.splice(0)) taken();
  }
}
