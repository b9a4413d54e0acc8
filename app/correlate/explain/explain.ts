import type { MembershipExplanation, PairExplanation, SharedValue } from '../../model/explanation.ts';
import { createLinkEdits, type LinkEdit } from '../../model/link-edit.ts';
import type { Link } from '../../model/trace.ts';
import { byTime, type EventNode } from '../nodes.ts';
import type { Cell } from '../partition.ts';
import { traceNumber } from '../publish.ts';
import { chainTo } from './chain.ts';
import { guessesOf } from './guesses.ts';
import { whyMember } from './membership.ts';
import { createPicture, type ExplainInput, type Picture } from './picture.ts';
import { sharedValues } from './shared-values.ts';
import { againstTime, whyLink, whyLost } from './why-link.ts';
import { whyNot } from './why-not.ts';
import { eventRef, labelsOf, listed } from './words.ts';

/**
 * Answers "why?" and "why not?" about events that were put together anew by the functions that make traces and links: so
 * it cannot say other than they do.
 */
export interface Explainer {
  /**
   * Why there is a link between two events, in whichever direction, or none. Undefined where one is not there. Batches are
   * linked in each trace that lists them, of what is there: `trace` says which one is looked at.
   */
  pair(a: string, b: string, trace?: string): PairExplanation | undefined;
  /** Why an event is in a trace. Undefined where it is not. */
  membership(event: string, trace: string): MembershipExplanation | undefined;
}

export function createExplainer(input: ExplainInput): Explainer {
  const picture = createPicture(input);
  return {
    pair(a, b, trace) {
      const [one, other] = [picture.node(a), picture.node(b)];
      if (!one || !other || one === other) return undefined;
      const explained = explainPair(picture, [one, other], trace === undefined ? undefined : founder(trace));
      return explained.edit === undefined ? explained : withoutWord(input, explained);
    },
    membership(event, trace) {
      const [one, other] = [picture.node(event), founder(trace)];
      return one && other && whyMember(picture, one, other);
    },
  };

  /** The event after which the trace is named. */
  function founder(trace: string): EventNode | undefined {
    const seq = traceNumber(trace);
    const event = input.events.find((one) => one.seq === seq);
    return event && picture.node(event.id);
  }
}

/** Adds what would be were it not for what the user said of the two. */
function withoutWord(input: ExplainInput, explained: PairExplanation): PairExplanation {
  const { from, to, reasons } = explained;
  const isOfPair = (one: LinkEdit) =>
    (one.from === from.id && one.to === to.id) || (one.from === to.id && one.to === from.id);
  const edits = createLinkEdits(input.known.edits.all().filter((one) => !isOfPair(one)));
  const picture = createPicture({ ...input, known: { ...input.known, edits } });
  const [a, b] = [picture.node(from.id), picture.node(to.id)];
  if (!a || !b) return explained;
  const { link, answer } = explainPair(picture, [a, b]);
  const otherwise = link ? `there would be this link. ${answer}` : `there would be no link. ${answer}`;
  return { ...explained, reasons: [...reasons, `Without what you said ${otherwise}`] };
}

function explainPair(
  picture: Picture,
  [a, b]: readonly [EventNode, EventNode],
  founder?: EventNode,
): PairExplanation {
  const [earlier, later] = byTime(a, b) < 0 ? [a, b] : [b, a];
  const shown = new Set(picture.traces(a));
  const all = picture.traces(b).filter((cell) => shown.has(cell));
  const within = founder && all.find((cell) => cell.includes(founder));
  const common = within ? [within] : all;
  const found = linkBetween(picture, common, earlier, later);
  // Where both are joined is where a cause was looked for.
  const cell = found?.cell ?? common.find((one) => one.includes(a) && one.includes(b)) ?? common[0];
  const link = found?.link;
  const [cause, effect] = link?.from === later.seq ? [later, earlier] : [earlier, later];
  const pair = [cause, effect] as const;
  const guesses = cell ? guessesOf(picture, cell, effect, cause) : { asked: false, ranked: [] };
  const edit = (picture.edits.get(cause.id, effect.id) ?? picture.edits.get(effect.id, cause.id))?.action;
  const [chosen, ...others] = guesses.ranked;
  const proof = link ? whyLink(picture, link, pair, guesses.ranked) : undefined;
  const reasons = proof
    ? [...proof.reasons, ...againstTime(picture, pair)]
    : whyNot(picture, cell, pair, guesses);
  return {
    from: eventRef(cause),
    to: eventRef(effect),
    ...(link && { link: { evidence: link.evidence, confidence: link.confidence, why: link.why } }),
    ...(edit !== undefined && edit !== 'undo' && { edit }),
    ...(proof ? { ...proof, reasons } : { answer: reasons[0]!, reasons }),
    values: valuesOf(picture, pair, link),
    others: chosen
      ? others.map(({ cause: other, confidence, why }) => ({
          ...{ event: eventRef(other), confidence, why },
          lost: whyLost(picture, effect, chosen.cause, other),
        }))
      : [],
    together: together(picture, cell, pair),
  };
}

/** What both carry; where a message names its cause, the name that it gives comes first. */
function valuesOf(
  picture: Picture,
  [cause, effect]: readonly [EventNode, EventNode],
  link: Link | undefined,
): readonly SharedValue[] {
  const values = sharedValues(picture, cause, effect);
  if (!link || link.evidence === 'key-and-time' || link.evidence === 'user') return values;
  const names = ({ value }: SharedValue) =>
    effect.causes.some(({ id }) => id === value) && (cause.id === value || cause.ids.includes(value));
  return values.toSorted((a, b) => Number(names(b)) - Number(names(a)));
}

/** The surest link between the two: in each trace that lists a batch, its links are made of what is in that trace. */
function linkBetween(
  picture: Picture,
  cells: readonly Cell[],
  earlier: EventNode,
  later: EventNode,
): { readonly cell: Cell; readonly link: Link } | undefined {
  const all = cells.flatMap((cell) => picture.links(cell).map((link) => ({ cell, link })));
  const between = (cause: EventNode, effect: EventNode) =>
    all
      .filter(({ link }) => link.from === cause.seq && link.to === effect.seq)
      .sort((a, b) => b.link.confidence - a.link.confidence)[0];
  return between(earlier, later) ?? between(later, earlier);
}

/** Whether the two are in one trace, and why. */
function together(
  picture: Picture,
  cell: Cell | undefined,
  [a, b]: readonly [EventNode, EventNode],
): PairExplanation['together'] {
  if (cell && cell.includes(a) && cell.includes(b)) {
    const chain = chainTo(picture, a, (node) => node === b) ?? [];
    const steps = chain.length - 1;
    const text =
      steps === 1
        ? 'They are in one trace, tied directly.'
        : `They are in one trace, tied over ${steps - 1} other event${steps === 2 ? '' : 's'}.`;
    return { same: true, text, chain };
  }
  if (cell) {
    const lister = cell.includes(a) ? b : a;
    const chain = whyMember(picture, lister, cell[0]!)?.chain ?? [];
    return { same: true, text: 'One of them is only listed in the trace of the other.', chain };
  }
  const labels = [...new Set([...labelsOf(a), ...labelsOf(b)])].sort();
  const shared = sharedValues(picture, a, b);
  const said = listed(shared.map(({ name, value }) => `${name}=${value}`));
  const text =
    shared.length === 0
      ? 'They are in two traces and share no value.'
      : labels.length > 1
        ? `They are in two traces: ${listed(labels)} are kept apart, although both carry ${said}.`
        : a.component === b.component
          ? `They are in two traces, although both carry ${said}: events like these hardly ever share such an id, so it was used again for something else, or handed on.`
          : `They are in two traces, although both carry ${said}.`;
  return { same: false, text, chain: [] };
}
