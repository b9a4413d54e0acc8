import { hashText } from '../base/hash.ts';
import { pairsNeeded, type Before } from './clock-shifts.ts';
import type { Kind } from './kind.ts';
import type { EventNode } from './nodes.ts';

/**
 * What partitions say about clocks. Events of one partition of a log are in the order in which they were written, whatever
 * time their producers gave them. An event with an earlier time than one before it shows that the clocks of their
 * producers differ, and by how much at least.
 */
export interface LogOrder {
  observe(node: EventNode, kind: Kind): void;
  /** What came before what, and the least time between them. */
  learn(): readonly Before[];
}

/** Offsets in a stretch of a partition that is looked at as a whole. */
const stretch = 64;
/** Stretches kept: those whose names hash lowest, so that it does not depend on the order of arrival. */
const stretchesKept = 256;

interface Stretch {
  readonly hash: number;
  readonly events: Map<number, { readonly kind: Kind; readonly time: number }>;
}

export function createLogOrder(): LogOrder {
  const stretches = new Map<string, Stretch>();
  let bound = Infinity;
  let fresh = false;
  let least = new Map<Kind, Map<Kind, number[]>>();
  let found: readonly Before[] = [];

  function trim(): void {
    const kept = [...stretches].sort(([, a], [, b]) => a.hash - b.hash);
    for (const [name] of kept.slice(stretchesKept)) stretches.delete(name);
    bound = kept[stretchesKept - 1]?.[1].hash ?? Infinity;
  }

  function compare(before: Kind, after: Kind, delay: number): void {
    let own = least.get(before);
    if (!own) least.set(before, (own = new Map<Kind, number[]>()));
    const known = own.get(after) ?? [];
    if (known.length === 0) own.set(after, known);
    if (known.length === pairsNeeded && delay >= (known.at(-1) as number)) return;
    known.push(delay);
    known.sort((a, b) => a - b);
    if (known.length > pairsNeeded) known.pop();
  }

  return {
    observe({ channel, position, time }, kind) {
      const { partition, offset } = position ?? {};
      if (channel.kind !== 'topic' || partition === undefined || offset === undefined) return;
      const at = Number(offset);
      const name = `${channel.cluster}/${channel.name}/${partition}/${Math.floor(at / stretch)}`;
      let own = stretches.get(name);
      if (!own) {
        const hash = hashText(name);
        if (hash > bound) return;
        own = { hash, events: new Map() };
        stretches.set(name, own);
        if (stretches.size > stretchesKept * 1.25) trim();
      }
      if (own.events.get(at)?.kind === kind) return;
      own.events.set(at, { kind, time });
      fresh = true;
    },
    learn() {
      if (!fresh) return found;
      fresh = false;
      least = new Map();
      if (stretches.size > stretchesKept) trim();
      for (const { events } of stretches.values()) {
        /** Of each kind the latest time so far. */
        const latest = new Map<Kind, number>();
        for (const [, { kind, time }] of [...events].sort(([a], [b]) => a - b)) {
          for (const [other, last] of latest) if (other !== kind) compare(other, kind, time - last);
          latest.set(kind, Math.max(latest.get(kind) ?? -Infinity, time));
        }
      }
      found = [...least].flatMap(([before, own]) =>
        [...own].flatMap(([after, delays]) => {
          const often = delays[pairsNeeded - 1];
          return often === undefined ? [] : [{ before, after, least: often }];
        }),
      );
      return found;
    },
  };
}
