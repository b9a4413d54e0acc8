/** Lets calls through, and now and then one alone: what it does would pull the floor from under the others. */
export interface Gate {
  pass<T>(call: () => Promise<T>): Promise<T>;
  /** From within a call that has passed: waits for the others to end, and lets nobody in meanwhile. */
  alone<T>(call: () => Promise<T>): Promise<T>;
}

export function createGate(): Gate {
  let inside = 0;
  let shut: Promise<void> | undefined;
  let onLeave = (): void => undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function whileShut<T>(call: () => Promise<T>): Promise<T> {
    let open = (): void => undefined;
    shut = new Promise((resolve) => (open = resolve));
    try {
      // Itself stays inside.
      while (inside > 1) await new Promise<void>((resolve) => (onLeave = resolve));
      return await call();
    } finally {
      shut = undefined;
      open();
    }
  }

  return {
    async pass(call) {
      while (shut) await shut;
      inside++;
      try {
        return await call();
      } finally {
        inside--;
        onLeave();
      }
    },
    alone(call) {
      // Of two that wait for their turn, one is not waited for by the other: it does nothing meanwhile.
      inside--;
      onLeave();
      const mine = turn.then(() => {
        inside++;
        return whileShut(call);
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
