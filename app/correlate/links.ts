import { sortInPlace } from '../base/lists.ts';
import { isTie, type LinkEdits } from '../model/link-edit.ts';
import type { Link } from '../model/trace.ts';
import type { Claim } from './claim.ts';
import { statedDelay, type StatedDelay } from './clock-skew.ts';
import { skew } from './clock-shifts.ts';
import { inferCauses, sightOf, type Knowledge } from './infer.ts';
import type { Kind } from './kind.ts';
import { byTime, type EventNode, type Token } from './nodes.ts';
import type { Cell } from './partition.ts';
import { channelKey } from './subscriptions.ts';

/** What linking needs to know of everything else. */
export interface LinkContext extends Knowledge {
  /** A number never used before, to mark a trace's events with. */
  nextMark(): number;
  readonly edits: LinkEdits;
  /** Told of each event for which a cause was looked for; asks on the same terms, with more of the events left out. */
  readonly onInferred?: (
    effect: EventNode,
    without: (isLeftOut: (cause: EventNode) => boolean) => readonly Claim[],
  ) => void;
}

/** One trace on its way to be linked. */
export interface Linking {
  readonly cell: Cell;
  /** With what is attached to it; earliest first. */
  readonly members: readonly EventNode[];
  readonly guests: ReadonlySet<EventNode>;
  readonly links: LinkSet;
}

const noGuests: ReadonlySet<EventNode> = new Set();

/** Links that messages state themselves, of one trace. */
export function statedLinks(cell: Cell, attached: readonly EventNode[], context: LinkContext): Linking {
  const links = new LinkSet();
  const members = attached.length === 0 ? cell : [...cell, ...attached].sort(byTime);
  const guests = attached.length === 0 ? noGuests : new Set(attached);
  const linking = { cell, members, guests, links };
  if (members.length < 2) return linking;
  const mark = context.nextMark();
  for (const node of members) node.mark = mark;

  const { edits } = context;
  if (edits.size > 0) for (const claim of userClaims(members, edits)) links.add(claim);
  const stated: Claim[] = [];
  for (const node of members) explicitCauses(node, mark, stated);
  parentSpans(members, stated);
  const explicit =
    edits.size === 0 ? stated : stated.filter(({ cause, effect }) => !isCut(edits, cause, effect));

  // Those that agree with time cannot make a cycle; the others are taken as long as they make none.
  for (const claim of explicit) if (byTime(claim.cause, claim.effect) < 0) links.add(claim);
  for (const claim of explicit) if (byTime(claim.cause, claim.effect) > 0) links.add(claim);
  return linking;
}

/** Takes down what a trace teaches of what causes what. */
export function learnFrom({ members, guests, links }: Linking, context: LinkContext): void {
  const { flows, kindOf } = context;
  if (members.length === 1) forgetAlone(members, context);
  for (let i = 0; i < members.length && members.length > 1; i++) {
    const node = members[i] as EventNode;
    const kind = kindOf(node);
    if (kind) flows.place(node, kind);
    // What is attached is seen in many traces, and in others as more becomes known.
    if (!kind || guests.has(node) || links.isCopy(node) || !flows.wants(kind, node.hash)) continue;
    const sight = sightOf(members, i, context, (cause) => links.isCopy(cause));
    const stated = links.causeOf(node);
    const named = stated ? kindOf(stated) : namesCause(node) ? 'nobody' : undefined;
    const delays = links.delaysTo(node);
    flows.observe(
      kind,
      named === undefined ? sight : { ...sight, named, ...(delays.length > 0 && { delays }) },
    );
  }
}

/** Events that are no longer joined to any teach nothing. */
export function forgetAlone(nodes: readonly EventNode[], { flows }: LinkContext): void {
  for (const { kind, hash } of nodes) if (kind) flows.forget(kind, hash);
}

/** All direct links of one trace: what messages state, and for joined events that name no cause the most plausible one. */
export function linkTrace({ members, guests, links }: Linking, context: LinkContext): Link[] {
  const { flows, kindOf, edits, onInferred } = context;
  for (let i = 0; i < members.length && members.length > 1; i++) {
    const node = members[i] as EventNode;
    if (links.has(node)) continue;
    if (namesCause(node)) {
      // Whom it names was not observed; anybody else would be a guess, unless its kind always names what nobody sees.
      const kind = kindOf(node);
      if (!kind || flows.causesOf(kind)?.nameNobody !== true) continue;
    }
    const isExcluded = (cause: EventNode) =>
      isCut(edits, cause, node) ||
      links.isCopy(cause) ||
      areStrangers(node, cause, guests) ||
      links.leadsTo(node, cause);
    const isGuest = guests.has(node);
    for (const claim of inferCauses(members, i, context, isExcluded, isGuest)) links.add(claim);
    onInferred?.(node, (isLeftOut) =>
      inferCauses(members, i, context, (cause) => isExcluded(cause) || isLeftOut(cause), isGuest),
    );
  }
  for (const node of members) gather(node, members, links, context);
  return links.all();
}

/** Whether the user said that it is no link. */
function isCut(edits: LinkEdits, cause: EventNode, effect: EventNode): boolean {
  return edits.size > 0 && edits.get(cause.id, effect.id)?.action === 'cut';
}

/** Whether two events are only attached to a trace, and have nothing to do with each other. */
function areStrangers(a: EventNode, b: EventNode, guests: ReadonlySet<EventNode>): boolean {
  return guests.size > 0 && guests.has(a) && guests.has(b) && a.component !== b.component;
}

/** What waits for all that was scattered has all of it for causes, although it names one. */
function gather(
  effect: EventNode,
  cell: readonly EventNode[],
  links: LinkSet,
  { flows, kindOf }: LinkContext,
): void {
  const cause = links.causeOf(effect);
  const kind = cause && kindOf(cause);
  const own = kindOf(effect);
  if (!cause || !kind || !own || links.isCopy(effect)) return;
  const learned = flows.causesOf(own);
  for (const awaited of learned?.joins.get(kind) ?? []) {
    const other = nearestOf(cell, effect, (node) => kindOf(node) === awaited && !links.isCopy(node));
    if (!other) continue;
    const why = `events of this type wait for ${nameOf(kind)} and ${nameOf(awaited)}, and name whichever came last`;
    links.add({ cause: other, effect, evidence: 'key-and-time', confidence: 0.9, why });
  }
  const usual = learned?.alternatives.find(({ kinds }) => kinds[0] === kind);
  if (usual?.gathers !== true) return;
  const origins = links.causesOf(cause);
  for (const other of cell) {
    if (other === cause || kindOf(other) !== kind || links.isCopy(other) || byTime(other, effect) > 0)
      continue;
    if (!links.causesOf(other).some((one) => origins.includes(one))) continue;
    const why = `events of this type wait for all ${nameOf(kind)} that have one cause`;
    links.add({ cause: other, effect, evidence: 'key-and-time', confidence: 0.8, why });
  }
}

/** The nearest in time of those before it, else of those after it. */
function nearestOf(
  members: readonly EventNode[],
  effect: EventNode,
  isWanted: (node: EventNode) => boolean,
): EventNode | undefined {
  const wanted = members.filter((node) => node !== effect && isWanted(node));
  return wanted.findLast((node) => byTime(node, effect) < 0) ?? wanted[0];
}

function nameOf({ type, channel }: Kind): string {
  return type ?? channel.name;
}

function namesCause(node: EventNode): boolean {
  return node.causes.some(({ evidence, by }) => evidence === 'causation-header' && by === undefined);
}

/** Links of one trace, by their effects. */
export class LinkSet {
  private readonly causes = new Map<EventNode, Claim[]>();
  private againstTime = false;

  has(effect: EventNode): boolean {
    return this.causes.has(effect);
  }

  causesOf(effect: EventNode): readonly EventNode[] {
    return this.causes.get(effect)?.map(({ cause }) => cause) ?? [];
  }

  /** The first that was stated. */
  causeOf(effect: EventNode): EventNode | undefined {
    return this.causes.get(effect)?.[0]?.cause;
  }

  /** What the causes that an event states tell of clocks. */
  delaysTo(effect: EventNode): readonly StatedDelay[] {
    const delays: StatedDelay[] = [];
    for (const claim of this.causes.get(effect) ?? []) {
      const delay = this.isCopy(claim.cause) ? undefined : statedDelay(claim);
      if (delay) delays.push(delay);
    }
    return delays;
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
    return sortInPlace(links, (a, b) => a.to - b.to || a.from - b.from);
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

/** Causes that a message names, and the copy that it is of, if it came before. */
function explicitCauses(node: EventNode, mark: number, claims: Claim[]): void {
  const copy = copyOf(node, mark);
  if (copy) {
    claims.push(copy);
    // It was caused once, by what caused the first.
    return;
  }
  for (const { id, path, evidence, by } of node.causes) {
    const token = tokenOf(node, id);
    if (!token) continue;
    if (by !== undefined) {
      const cause = onlyOwner(token, node, mark);
      const why = `${path} names that event's correlation id ${id}, and no other event has it`;
      if (cause) claims.push({ cause, effect: node, evidence, confidence: 1, why });
      continue;
    }
    const cause = latestBefore(token, node, mark);
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
}

/** Causes by spans: an event that was sent in a child of the span that another was sent in. */
function parentSpans(members: readonly EventNode[], claims: Claim[]): void {
  if (members.every(({ parentSpanId }) => parentSpanId === undefined)) return;
  const bySpan = new Map<string, EventNode>();
  for (const node of members) {
    if (node.spanId !== undefined && !bySpan.has(node.spanId)) bySpan.set(node.spanId, node);
  }
  for (const effect of members) {
    const cause = effect.parentSpanId === undefined ? undefined : bySpan.get(effect.parentSpanId);
    if (!cause || cause === effect) continue;
    const why = `its span is a child of that event's span ${effect.parentSpanId}`;
    claims.push({ cause, effect, evidence: 'trace-context', confidence: 1, why });
  }
}

/**
 * The link from the message that an event has the id of, if that came before: to a dead letter or a further attempt from
 * the last attempt, to a plain copy from the first.
 */
function copyOf(node: EventNode, mark: number): Claim | undefined {
  for (const id of node.ids) {
    const token = tokenOf(node, id);
    if (!token) continue;
    let last: EventNode | undefined;
    let first: EventNode | undefined;
    for (const other of token.carriers) {
      if (other.mark !== mark || other.type !== node.type || byTime(other, node) >= 0) continue;
      if (!other.ids.includes(id)) continue;
      if (!last || byTime(other, last) > 0) last = other;
      if (!isSameChannel(other, node) || other.attempt !== node.attempt) continue;
      if (!first || byTime(other, first) < 0) first = other;
    }
    if (!last) continue;
    if (!first && node.failed) {
      const why = `both have the message id ${id}, and this is its dead letter`;
      return { cause: last, effect: node, evidence: 'dead-letter', confidence: 1, why };
    }
    if (!first) {
      const why = `both have the message id ${id}: it was published again`;
      return { cause: last, effect: node, evidence: 'retry', confidence: 1, why };
    }
    const why = `both have the message id ${id}`;
    return { cause: first, effect: node, evidence: 'duplicate', confidence: 1, why };
  }
  return undefined;
}

function isSameChannel({ channel: a }: EventNode, { channel: b }: EventNode): boolean {
  return a === b || channelKey(a) === channelKey(b);
}

/** The token of an id that the event carries in any way, if others do too. */
function tokenOf(node: EventNode, id: string): Token | undefined {
  for (const token of node.tokens) if (token.value === id && token.carriers.length > 1) return token;
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

/** The only event of the trace that has a correlation id; not those that only name it for their cause's. */
function onlyOwner(id: Token, effect: EventNode, mark: number): EventNode | undefined {
  const owners = id.carriers.filter(
    (node) => node.mark === mark && node !== effect && node.hasContext(id.value),
  );
  return owners.length === 1 ? owners[0] : undefined;
}

/** Where a whole flow carries its first message's id as correlation id, that id answers nothing. */
function isReply(id: Token, node: EventNode, cause: EventNode, mark: number): boolean {
  if (cause.time - node.time > skew) return false;
  return !id.carriers.some((other) => other.mark === mark && other !== node && !id.names(other));
}
