import { remembered } from '../base/remembered.ts';
import { words } from '../base/words.ts';

/**
 * What the names of types say of order: a command comes before the event that reports it done (`ReserveStock`,
 * `StockReserved`), and of one thing the beginning before the end (`OrderPlaced`, `OrderCompleted`).
 */

const beginnings = new Set(
  'placed submitted requested received opened initiated started registered uploaded created added queued scheduled planned enqueued'.split(
    ' ',
  ),
);
const endings = new Set(
  'completed closed finished delivered cancelled canceled rejected failed approved declined confirmed executed done settled archived expired published processed refunded captured paid'.split(
    ' ',
  ),
);

interface Wording {
  /** What it is about, in order of the alphabet: `order`, `stock`. */
  readonly things: ReadonlySet<string>;
  /** The stem of what is done to it: `reserv`. */
  readonly deed: string | undefined;
  readonly isCommand: boolean;
  /** 0 for a beginning, 2 for an end. */
  readonly stage: 0 | 1 | 2;
}

const wordingOf = remembered((type) => read(words(type)));

/** Suffixes of types that say nothing: `PaymentAuthorizedEvent`, `ReserveStockCommand`. */
const fillers = new Set('event message command cmd request reply response com org io v1 v2 v3'.split(' '));

function read(all: readonly string[]): Wording | undefined {
  const kept = all.filter((word) => !fillers.has(word));
  const [first] = kept;
  const last = kept.at(-1);
  if (first === undefined || last === undefined || kept.length < 2) return undefined;
  if (isPast(last)) {
    const stage = beginnings.has(last) ? 0 : endings.has(last) ? 2 : 1;
    return { things: new Set(kept.slice(0, -1)), deed: stemOf(last), isCommand: false, stage };
  }
  return { things: new Set(kept.slice(1)), deed: stemOf(first), isCommand: true, stage: 1 };
}

const irregular = new Set([
  'sent',
  'made',
  'found',
  'paid',
  'held',
  'built',
  'lost',
  'begun',
  'done',
  'read',
  'put',
  'set',
]);

function isPast(word: string): boolean {
  return irregular.has(word) || (word.length > 4 && word.endsWith('ed'));
}

function stemOf(word: string): string {
  const stem = word.endsWith('ied')
    ? word.slice(0, -3)
    : word.endsWith('ed')
      ? word.slice(0, -2)
      : word.replace(/e?$/, '');
  // As `shipped` is of `ship`, and `cancelled` of `cancel`.
  return stem.replace(/[ey]$|([^aeiou])(?=\1$)/, '');
}

/**
 * How much two types' names speak for the first to come before the second: above 0 for, below 0 against, 0 where they say
 * nothing.
 */
export function wordedOrder(before: string | undefined, after: string | undefined): number {
  if (before === undefined || after === undefined) return 0;
  const a = wordingOf(before);
  const b = wordingOf(after);
  if (!a || !b || ![...a.things].some((thing) => b.things.has(thing))) return 0;
  if (a.isCommand && !b.isCommand) return a.deed === b.deed ? 2 : 1;
  if (b.isCommand && !a.isCommand) return a.deed === b.deed ? -2 : 0;
  if (a.isCommand) return 0;
  return Math.sign(b.stage - a.stage);
}
