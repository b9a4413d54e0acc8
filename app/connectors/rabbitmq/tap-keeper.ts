import { ConnectionError } from '../../model/source.ts';
import type { ObservingQueue } from './observing-queue.ts';
import { tapKey, type Tap, type TapPlan } from './taps.ts';
import type { Wiring } from './wiring.ts';

/** What following a plan changed. */
export interface TapChanges {
  /** Exchanges that are fully tapped now and were not before. */
  readonly added: readonly string[];
  /** Exchanges that no longer are. */
  readonly removed: readonly string[];
  /** Exchanges of which something was not tapped until now, though they were: by which routing key. */
  readonly late: readonly { readonly exchange: string; readonly routingKey: string }[];
  /** Refusals. */
  readonly problems: readonly ConnectionError[];
}

/** Keeps the bindings of the observing queue as a plan says, while exchanges and bindings come and go. */
export interface TapKeeper {
  /** `wiring`: as it was before this call. @throws ConnectionError when the connection is lost */
  follow(queue: ObservingQueue, plan: TapPlan, wiring: Wiring | undefined): Promise<TapChanges>;
}

export function createTapKeeper(): TapKeeper {
  const bound = new Map<string, Tap>();
  const tapped = new Set<string>();

  /** An exchange that was deleted and made anew has lost our binding. */
  function forgetLost(queue: ObservingQueue, wiring: Wiring | undefined): void {
    if (!wiring) return;
    const there = new Set(
      wiring.bindings
        .filter((b) => b.destination === queue.name)
        .map((b) => tapKey({ exchange: b.source, routingKey: b.routing_key, args: {} })),
    );
    for (const key of bound.keys()) if (!there.has(key)) bound.delete(key);
  }

  async function unbindAll(queue: ObservingQueue, but: ReadonlySet<string>): Promise<void> {
    for (const [key, tap] of bound) {
      if (but.has(key)) continue;
      bound.delete(key);
      // Where the exchange is gone, so is the binding.
      await queue.unbind(tap).catch(() => {});
    }
  }

  return {
    async follow(queue, plan, wiring) {
      forgetLost(queue, wiring);
      await unbindAll(queue, new Set(plan.taps.map(tapKey)));
      const late: { exchange: string; routingKey: string }[] = [];
      const problems: ConnectionError[] = [];
      const refused = new Set<string>();
      for (const tap of plan.taps) {
        if (bound.has(tapKey(tap))) continue;
        try {
          await queue.bind(tap);
          bound.set(tapKey(tap), tap);
          if (tapped.has(tap.exchange)) late.push({ exchange: tap.exchange, routingKey: tap.routingKey });
        } catch (error) {
          if (!(error instanceof ConnectionError) || error.code === 'lost') throw error;
          problems.push(error);
          refused.add(tap.exchange);
        }
      }
      const now = new Set(plan.tapped.filter((name) => !refused.has(name)));
      const added = [...now].filter((name) => !tapped.has(name));
      const removed = [...tapped].filter((name) => !now.has(name));
      for (const name of added) tapped.add(name);
      for (const name of removed) tapped.delete(name);
      return { added, removed, late, problems };
    },
  };
}
