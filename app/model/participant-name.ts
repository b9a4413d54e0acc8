import { words } from '../base/words.ts';

/** Words that say what sort of thing a name names, not which. */
const filler = new Set(
  'service services svc group groups consumer consumers producer worker workers app api cg listener handler handlers server client processor module ms'.split(
    ' ',
  ),
);

/**
 * The name of a participant in words that can be compared, since producers and consumers get theirs from different
 * places: `payments` for `payments-service`, `PaymentsConsumerGroup` and `payments-v2`.
 */
export function participantName(name: string): string {
  const all = words(name);
  const kept = all.filter((word) => !filler.has(word) && !/^v?\d+$/.test(word));
  return (kept.length > 0 ? kept : all).join(' ');
}

/** Whether two names in words are one participant's: equal, or one with the other at its end, `shop payments` and `payments`. */
export function isSameParticipant(a: string, b: string): boolean {
  return a === b || a.endsWith(` ${b}`) || b.endsWith(` ${a}`);
}

/**
 * The participant after which a channel is named, in words: `ledger` for `shop.ledger`, `notifications` for
 * `notifications.email`; or else from whose word it is formed: `shipments` from `shipping`. Most teams name what they
 * publish to after themselves. None where several are called so, or where the one who is consumes the channel.
 */
export function namesakeOf(
  channel: string,
  participants: Iterable<string>,
  consumers: Iterable<string>,
): string | undefined {
  const own = participantName(channel);
  const names = [...new Set(participants)];
  const same = names.filter((name) => isSameParticipant(own, name) || own.startsWith(`${name} `));
  const called = same.length > 0 ? same : names.filter((name) => stem(name) === stem(own));
  const [only] = called;
  return called.length === 1 && only !== undefined && !new Set(consumers).has(only) ? only : undefined;
}

/** What `shipping`, `shipments` and `shipper` have in common; a word that would be left too short is its own. */
function stem(name: string): string {
  const short = name.replace(/(?:ment|ing|er|or|ion|ed)?s?$/, '');
  return short.length < 4 ? name : short.replace(/([^aeiou])\1$/, '$1');
}
