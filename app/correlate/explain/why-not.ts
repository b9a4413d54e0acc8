import type { Link } from '../../model/trace.ts';
import { durationText } from '../../base/duration-text.ts';
import { reach } from '../infer.ts';
import type { EventNode } from '../nodes.ts';
import type { Cell } from '../partition.ts';
import type { Guesses } from './guesses.ts';
import type { Picture } from './picture.ts';
import { counted, labelsOf, listed, nameOf, startingWith } from './words.ts';
import { whyLost } from './why-link.ts';

/** Why an earlier event is not taken to be the cause of a later one. The first reason is the one that decides. */
export function whyNot(
  picture: Picture,
  cell: Cell | undefined,
  [cause, effect]: readonly [EventNode, EventNode],
  guesses: Guesses,
): string[] {
  const reasons: string[] = [];
  if (picture.edits.get(cause.id, effect.id)?.action === 'cut')
    reasons.push('You cut this link, so it is never shown again unless you undo that.');
  if (!cell) {
    const labels = [...new Set([...labelsOf(cause), ...labelsOf(effect)])].sort();
    reasons.push(
      labels.length > 1
        ? `They are about different things, ${listed(labels)}, and are in no trace together. Links run inside a trace only.`
        : 'They are in no trace together, and links run inside a trace only.',
    );
    return reasons;
  }
  const links = picture.links(cell);
  const members = new Set(cell);
  const isListedOnly = [cause, effect].find((node) => !members.has(node));
  if (isListedOnly) {
    reasons.push(
      `${startingWith(isListedOnly)} is only listed in this trace; such an event is linked only where a message names its cause, and none of the two names the other.`,
    );
    return reasons;
  }
  reasons.push(...otherCauses(picture, links, cause, effect));
  if (!guesses.asked) return reasons.length > 0 ? reasons : [unasked(effect)];
  const [chosen] = guesses.ranked;
  if (guesses.only && chosen && chosen.cause !== cause) {
    reasons.push(
      `${startingWith(chosen.cause)} is the likelier cause: ${whyLost(picture, effect, chosen.cause, cause)}.`,
    );
  } else if (!guesses.only) reasons.push(implausible(picture, cell, links, cause, effect));
  return reasons.length > 0 ? reasons : ['What is known does not make it a cause.'];
}

/** The effect says, or you say, where it comes from. */
function otherCauses(
  picture: Picture,
  links: readonly Link[],
  cause: EventNode,
  effect: EventNode,
): string[] {
  const seqs = new Map(picture.cell(effect).map((node) => [node.seq, node]));
  const named = links.filter(({ to, from, evidence }) => {
    return to === effect.seq && from !== cause.seq && evidence !== 'key-and-time';
  });
  const reasons = named.map(({ from, evidence, why }) => {
    const node = seqs.get(from);
    const name = node ? nameOf(node) : 'another event';
    return evidence === 'user'
      ? `You said that ${name} is its cause, and what is said comes before what is guessed.`
      : `It says itself where it comes from, so nothing is guessed: ${name} (${evidence}), since ${why}.`;
  });
  const found = new Set(links.filter(({ to }) => to === effect.seq).map(({ evidence }) => evidence));
  const missing = effect.causes.find((one) => one.evidence === 'causation-header');
  const isThere = cellHas(picture.cell(effect), missing?.id);
  if (missing && !found.has('causation-header') && !isThere) {
    reasons.push(
      `It names its cause itself (${missing.path} is ${missing.id}), and that event is not in this trace or was not recorded. Nothing is guessed instead.`,
    );
  }
  return reasons;
}

function cellHas(cell: Cell, name: string | undefined): boolean {
  return name !== undefined && cell.some(({ id, ids }) => id === name || ids.includes(name));
}

function unasked(effect: EventNode): string {
  return `${startingWith(effect)} says itself where it comes from, or is the first of its trace.`;
}

/** Why inference would not take it, were it the only one. Asked in the order of what rules out most. */
function implausible(
  { consumers }: Picture,
  cell: Cell,
  links: readonly Link[],
  cause: EventNode,
  effect: EventNode,
): string {
  if (links.some(({ to, evidence }) => to === cause.seq && evidence === 'duplicate'))
    return 'It is a repeat of an earlier message, and a repeat causes nothing that the first copy did not.';
  if (leadsTo(links, effect.seq, cause.seq))
    return 'It follows from the later event itself: the two would make a circle.';
  const distance = cell.indexOf(effect) - cell.indexOf(cause);
  if (distance > reach)
    return `${counted(distance - 1, 'event')} of the trace lie between them, ${durationText(effect.time - cause.time)}; only the ${reach} before an event are considered.`;
  if (effect.producer !== undefined && consumers.reads(effect.producer, cause.channel).is === 'no')
    return `Its publisher ${effect.producer} is known not to read ${cause.channel.name}.`;
  const shares = cause.tokens.some(
    (token) => token.state !== 'hub' && token.state !== 'rejected' && effect.tokens.includes(token),
  );
  if (!shares)
    return 'The two share no value that would tie them, and nobody is known to read the one and publish the other.';
  return 'What is known of consumers and times speaks against it.';
}

function leadsTo(links: readonly Link[], from: number, to: number): boolean {
  const seen = new Set([to]);
  for (const seq of seen) {
    for (const link of links) if (link.to === seq) seen.add(link.from);
  }
  return from !== to && seen.has(from);
}
