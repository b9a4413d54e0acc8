import { isTie, type LinkEdits } from '../model/link-edit.ts';
import type { Link } from '../model/trace.ts';
import type { Claim } from './claim.ts';
import { inferCause } from './infer.ts';
import { byTime, type EventNode, type Token } from './nodes.ts';
import type { Cell } from './partition.ts';
import type { Consumers } from './subscriptions.ts';

/** What linking needs to know of everything else. */
export interface LinkContext {
  readonly consumers: Consumers;
  /** A number never used before, to mark a trace's events with. */
  nextMark(): number;
  readonly edits: LinkEdits;
  /** Told of each event for which a cause was looked for; asks on the same terms, with more of the events left out. */
  readonly onInferred?: (
    effect: EventNode,
    without: (isLeftOut: (cause: EventNode) => boolean) => Claim | undefined,
  ) => void;
}

/**
 * Direct links of one trace, the effects in order of time. What the user says comes first, then what messages say
 * themselves; then, for joined events that name no cause, the most plausible one. Attached events take part in explicit
 * links only. What the user cut is no link.
 */
export function linkTrace(cell: Cell, attached: readonly EventNode[], context: LinkContext): Link[] {
  if (cell.length + attached.length < 2) return [];
  const mark = context.nextMark();
  for (const node of cell) node.mark = mark;
  for (const node of attached) node.mark = mark;

  const links = new LinkSet();
  const { edits } = context;
  if (edits.size > 0) for (const claim of userClaims([...cell, ...attached], edits)) links.add(claim);
  const isCut = (cause: EventNode, effect: EventNode) => edits.get(cause.id, effect.id)?.action === 'cut';

  const stated: Claim[] = [];
  for (const node of cell) explicitCauses(node, mark, stated);
  for (const node of attached) explicitCauses(node, mark, stated);
  const explicit = edits.size === 0 ? stated : stated.filter(({ cause, effect }) => !isCut(cause, effect));

  // Those that agree with time cannot make a cycle; the others are taken as long as they make none.
  for (const claim of explicit) if (byTime(claim.cause, claim.effect) < 0) links.add(claim);
  for (const claim of explicit) if (byTime(claim.cause, claim.effect) > 0) links.add(claim);

  for (let i = 1; i < cell.length; i++) {
    const node = cell[i] as EventNode;
    if (links.has(node) || node.causes.some((cause) => cause.evidence === 'causation-header')) continue;
    const isExcluded = (cause: EventNode) =>
      isCut(cause, node) || links.isCopy(cause) || links.leadsTo(node, cause);
    const claim = inferCause(cell, i, context.consumers, isExcluded);
    context.onInferred?.(node, (isLeftOut) =>
      inferCause(cell, i, context.consumers, (cause) => isExcluded(cause) || isLeftOut(cause)),
    );
    if (claim) links.add(claim);
  }
  return links.all();
}

class LinkSet {
  private readonly causes = new Map<EventNode, Claim[]>();
  private againstTime = false;

  has(effect: EventNode): boolean {
    return this.causes.has(effect);
  }

  /** The same message again causes nothing that its first copy did not. */
  isCopy(node: EventNode): boolean {
    return this.causes.get(node)?.some((claim) => claim.evidence === 'duplicate') ?? false;
  }

  /** Adds it unless it would make a circle, which only a link against time can close. */
  add(claim: Claim): void {
    this.againstTime ||= byTime(claim.cause, claim.effect) > 0;
    if (this.leadsTo(claim.effect, claim.cause)) return;
    const before = this.causes.get(claim.effect);
    if (!before) this.causes.set(claim.effect, [claim]);
    else if (!before.some((other) => other.cause === claim.cause)) before.push(claim);
  }

  /** Whether `from` is among the causes of `to`, over any number of links. Without links against time the later never is. */
  leadsTo(from: EventNode, to: EventNode): boolean {
    if (from === to) return true;
    if (!this.againstTime) return false;
    const seen = new Set<EventNode>([to]);
    for (const node of seen) {
      for (const { cause } of this.causes.get(node) ?? []) {
        if (cause === from) return true;
        seen.add(cause);
      }
    }
    return false;
  }

  all(): Link[] {
    const links: Link[] = [];
    for (const claims of this.causes.values()) {
      for (const { cause, effect, evidence, confidence, why } of claims) {
        links.push({ from: cause.seq, to: effect.seq, evidence, confidence, why });
      }
    }
    return links.sort((a, b) => a.to - b.to || a.from - b.from);
  }
}

/** What the user said; those that agree with time first. */
function userClaims(nodes: readonly EventNode[], edits: LinkEdits): Claim[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const claims = nodes.flatMap((effect) =>
    edits.of(effect.id).flatMap((edit): Claim[] => {
      const cause = byId.get(edit.from);
      if (!isTie(edit) || !cause || cause === effect) return [];
      const why = edit.action === 'add' ? 'you linked these events' : 'you confirmed this link';
      return [{ cause, effect, evidence: 'user', confidence: 1, why }];
    }),
  );
  return claims.sort((a, b) => Number(byTime(a.cause, a.effect) > 0) - Number(byTime(b.cause, b.effect) > 0));
}

/** Causes that a message names, and the first copy of a message that came twice. */
function explicitCauses(node: EventNode, mark: number, claims: Claim[]): void {
  for (const { id, path, evidence } of node.causes) {
    const token = tokenOf(node, id);
    const cause = token && latestBefore(token, node, mark);
    if (!cause) continue;
    if (evidence === 'causation-header') {
      const why = `${path} names that event's id ${id}`;
      claims.push({ cause, effect: node, evidence, confidence: 1, why });
    } else if (evidence === 'dead-letter') {
      const why = `${path} says that it is the dead letter of that event`;
      claims.push({ cause, effect: node, evidence, confidence: 1, why });
    } else if (isReply(token, node, cause, mark)) {
      const why = `${path} equals that event's id ${id}, and no other event carries it: a reply`;
      claims.push({ cause, effect: node, evidence, confidence: 0.9, why });
    }
  }
  for (const id of node.ids) {
    const token = tokenOf(node, id);
    const first = token && firstCopy(token, node, mark);
    if (!first) continue;
    const why = `both have the message id ${id}`;
    claims.push({ cause: first, effect: node, evidence: 'duplicate', confidence: 1, why });
  }
}

/** The token of an id that the event carries in any way, if others do too. */
function tokenOf(node: EventNode, id: string): Token | undefined {
  for (const token of node.tokens)
    if (token.value === id && token.isId && token.carriers.length > 1) return token;
  return undefined;
}

/** Of the events of the trace that have this id the latest before the effect; the earliest where clocks put all after it. */
function latestBefore(id: Token, effect: EventNode, mark: number): EventNode | undefined {
  let best: EventNode | undefined;
  for (const node of id.carriers) {
    if (node.mark !== mark || node === effect || !id.names(node)) continue;
    const isBefore = byTime(node, effect) < 0;
    if (!best) best = node;
    else if (byTime(best, effect) > 0 ? byTime(node, best) < 0 : isBefore && byTime(node, best) > 0)
      best = node;
  }
  return best;
}

function firstCopy(id: Token, of: EventNode, mark: number): EventNode | undefined {
  let first: EventNode | undefined;
  for (const node of id.carriers) {
    if (node.mark !== mark || node.type !== of.type || !node.ids.includes(id.value)) continue;
    if (byTime(node, first ?? of) < 0) first = node;
  }
  return first;
}

/** Where a whole flow carries its first message's id as correlation id, that id answers nothing. */
function isReply(id: Token, node: EventNode, cause: EventNode, mark: number): boolean {
  if (byTime(cause, node) > 0) return false;
  return !id.carriers.some((other) => other.mark === mark && other !== node && !id.names(other));
}
