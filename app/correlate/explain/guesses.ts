import type { Claim } from '../claim.ts';
import type { EventNode } from '../nodes.ts';
import type { Cell } from '../partition.ts';
import type { Picture } from './picture.ts';

/** A cause that inference would give an event. */
export type Guess = Claim;

/** What inference made of one event, asked on its own terms. */
export interface Guesses {
  /** A cause was looked for: the event names none itself. */
  readonly asked: boolean;
  /** The best first; each is what inference would say were those before it not there. */
  readonly ranked: readonly Guess[];
  /** What it would say were this the only earlier event. */
  readonly only?: Guess;
}

const rankedAtMost = 4;

/** Ranks the causes that an event could have in its trace; `alone` is one that is asked about. */
export function guessesOf(picture: Picture, cell: Cell, effect: EventNode, alone: EventNode): Guesses {
  let result: Guesses = { asked: false, ranked: [] };
  picture.links(cell, (node, without) => {
    if (node !== effect) return;
    const ranked: Guess[] = [];
    const seen = new Set<EventNode>();
    while (ranked.length < rankedAtMost) {
      const guesses = without((cause) => seen.has(cause));
      if (guesses.length === 0) break;
      for (const guess of guesses) seen.add(guess.cause);
      ranked.push(...guesses);
    }
    result = { asked: true, ranked, only: without((cause) => cause !== alone)[0] };
  });
  return result;
}
