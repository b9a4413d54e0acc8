import { durationText } from '../base/duration-text.ts';
import type { Claim } from './claim.ts';
import { skew } from './clock-shifts.ts';
import type { Flows } from './flows.ts';
import type { Alternative } from './learned-causes.ts';
import type { Sight } from './sight.ts';
import { shareClock, type Kind } from './kind.ts';
import { byTime, ranks, type EventNode, type Token } from './nodes.ts';
import { channelKey, type Consumers, type Reads } from './subscriptions.ts';

/**
 * Causes of events that name none: the latest earlier event on a channel that the producer is known to consume; else what
 * usually causes them, as their traces taught (flows.ts); until enough of these were seen, the nearest that shares most.
 */

/** What inference goes by. */
export interface Knowledge {
  readonly consumers: Consumers;
  readonly flows: Flows;
  readonly kindOf: (node: EventNode) => Kind | undefined;
}

/** What was learned and is less sure is not stated. */
const shown = 0.5;
/** How many earlier events are considered. In long traces the cause is near. */
export const reach = 48;

interface Candidate {
  readonly node: EventNode;
  /** The most specific value that both carry. */
  readonly shared: Token | undefined;
  readonly reads: Reads;
  /** The effect's producer was handed this very event before. */
  readonly handed: boolean;
}

/** Who published the event: as it says, or after whom its channel is named. */
function producerOf({ producer, channel }: Pick<EventNode, 'producer' | 'channel'>, consumers: Consumers) {
  const implied = producer === undefined ? consumers.namesake(channel) : undefined;
  return { name: producer ?? implied, implied };
}

/** Whether a participant may have published an event. */
export function mayBeBy(event: EventNode, participant: string, consumers: Consumers): boolean {
  const { name } = producerOf(event, consumers);
  return name !== undefined && consumers.isSame(name, participant);
}

/** Whether events of one kind may cause those of another, as far as it is known who consumes what. */
export function readsOf(effect: Kind, cause: Kind, consumers: Consumers): Reads {
  const { name, implied } = producerOf(effect, consumers);
  const reads = consumers.reads(name, cause.channel);
  // Who a channel is named after is a guess, and rules nobody out.
  if ((reads.is !== 'no' && reads.is !== 'unlikely') || implied === undefined) return reads;
  return { is: channelKey(cause.channel) === channelKey(effect.channel) ? 'own' : 'unknown' };
}

/** All that may have caused an event of a trace, the nearest first. `members` are in order of time. */
function candidatesOf(
  members: readonly EventNode[],
  at: number,
  { consumers }: Knowledge,
  isExcluded: (cause: EventNode) => boolean,
): Candidate[] {
  const candidates: Candidate[] = [];
  const effect = members[at] as EventNode;
  const { name, implied } = producerOf(effect, consumers);
  const wanted = effect.causes.flatMap(({ by, id }) => (by === undefined ? [] : id));
  const consider = (node: EventNode): void => {
    if (isExcluded(node)) return;
    // Whom it names by a correlation id has that; several may.
    if (wanted.length > 0 && !wanted.some((id) => node.hasContext(id))) return;
    const reads = consumers.reads(name, node.channel);
    if (reads.is === 'no' && implied === undefined) return;
    const own = name === undefined ? undefined : node.handed.find((h) => consumers.isSame(name, h.consumer));
    if (own && own.from > effect.time + skew) return;
    candidates.push({ node, shared: mostSpecific(effect, node), reads, handed: own !== undefined });
  };
  for (let i = at - 1; i >= 0 && i >= at - reach; i--) consider(members[i] as EventNode);
  for (let i = at + 1; i < members.length; i++) {
    const node = members[i] as EventNode;
    if (node.time - effect.time > skew) break;
    if (node.component === effect.component && !shareClock(node, effect)) consider(node);
  }
  return candidates;
}

/** Of several of one kind the one that shares more, was handed over, is nearer. They come nearest first, earlier before later. */
function isNearer(a: Candidate, b: Candidate): boolean {
  if (a.handed !== b.handed) return a.handed;
  const carriers = ({ shared }: Candidate) => shared?.carriers.length ?? Infinity;
  return carriers(a) < carriers(b);
}

/** The nearest of each kind. */
function nearestByKind(candidates: readonly Candidate[], { kindOf }: Knowledge): Map<Kind, Candidate> {
  const nearest = new Map<Kind, Candidate>();
  for (const candidate of candidates) {
    const kind = kindOf(candidate.node);
    if (!kind) continue;
    const known = nearest.get(kind);
    if (!known || isNearer(candidate, known)) nearest.set(kind, candidate);
  }
  return nearest;
}

/** What learning takes down of an event: of each kind the nearest, and how long before it. */
export function sightOf(
  members: readonly EventNode[],
  at: number,
  knowledge: Knowledge,
  isExcluded: (cause: EventNode) => boolean,
): Sight {
  const effect = members[at] as EventNode;
  const nearest = nearestByKind(candidatesOf(members, at, knowledge, isExcluded), knowledge);
  const others = new Map<Kind, { kind: Kind; delay: number; before: number; after: number }>();
  for (const [kind, { node }] of nearest)
    others.set(kind, { kind, delay: effect.time - node.time, before: 0, after: 0 });
  for (let i = Math.max(0, at - reach); i < members.length && i <= at + reach; i++) {
    const node = members[i] as EventNode;
    const kind = i === at || isExcluded(node) ? undefined : knowledge.kindOf(node);
    if (!kind) continue;
    const other = others.get(kind) ?? { kind, delay: effect.time - node.time, before: 0, after: 0 };
    if (!others.has(kind)) others.set(kind, other);
    else if (i < at && !nearest.has(kind)) other.delay = effect.time - node.time;
    if (i < at) other.before++;
    else other.after++;
  }
  return { hash: effect.hash, others: [...others.values()] };
}

/** The most plausible causes of an event of a trace. Empty where what is known speaks against all. */
export function inferCauses(
  members: readonly EventNode[],
  at: number,
  knowledge: Knowledge,
  isExcluded: (cause: EventNode) => boolean,
  isAttached = false,
): Claim[] {
  const effect = members[at] as EventNode;
  const kind = knowledge.kindOf(effect);
  // What is attached to a trace was not learned from.
  const learned = kind && !isAttached ? knowledge.flows.causesOf(kind) : undefined;
  const candidates = candidatesOf(members, at, knowledge, isExcluded);
  const best = plausible(effect, candidates);
  if (!learned) return !best || (isAttached && best.claim.confidence < shown) ? [] : [best.claim];

  const nearest = nearestByKind(candidates, knowledge);
  const usual = learned.alternatives
    .map((alternative) =>
      fitting(effect, alternative, nearest, (cause) => knowledge.flows.shift(kind as Kind, cause)),
    )
    .filter((fit) => fit !== undefined)
    .sort((x, y) => byTime(y.last.node, x.last.node))[0];
  const agree = best !== undefined && usual?.causes.some(({ node }) => node === best.claim.cause) === true;
  // Where clocks agree, the latest that a producer consumes is mostly the cause, and if that is usual it is surer. Where they do
  // not, or who published is a guess, what many traces say is believed before it.
  const isTimely = !knowledge.flows.clocksDiffer() && (effect.producer !== undefined || !usual);
  if (best?.isKnown && !agree && (isTimely || learned.alternatives.length === 0)) return [best.claim];
  if (usual) {
    // Too weak to be shown, and strong enough to rule out what is weaker.
    if (usual.alternative.confidence < shown) return agree && best?.isKnown ? [best.claim] : [];
    return usual.causes.map((cause) => usualClaim(effect, cause, usual.alternative));
  }
  // The cause that such events have was not observed: anything else would be a guess.
  return [];
}

interface Fit {
  readonly alternative: Alternative;
  readonly causes: readonly Candidate[];
  readonly last: Candidate;
}

function fitting(
  effect: EventNode,
  alternative: Alternative,
  nearest: ReadonlyMap<Kind, Candidate>,
  shift: (cause: Kind) => number,
): Fit | undefined {
  const causes: Candidate[] = [];
  let delay = Infinity;
  for (const kind of alternative.kinds) {
    const candidate = nearest.get(kind);
    if (!candidate) continue;
    causes.push(candidate);
    delay = Math.min(delay, effect.time - candidate.node.time - shift(kind));
  }
  const [last] = causes.toSorted((a, b) => byTime(b.node, a.node));
  if (!last) return undefined;
  return delay < alternative.least || delay > alternative.most ? undefined : { alternative, causes, last };
}

function usualClaim(
  effect: EventNode,
  { node, reads, shared, handed }: Candidate,
  usual: Alternative,
): Claim {
  const gap = effect.time - node.time;
  const known =
    reads.as === undefined
      ? []
      : [`${reads.as} ${handed ? 'was handed it' : `consumes ${node.channel.name}`}`];
  const why = [
    `events of this type usually follow ${usual.kinds.map(nameOf).join(' and ')}`,
    ...known,
    shared ? `both carry ${shared.name}=${shared.value}` : 'both are of one trace',
  ];
  return {
    cause: node,
    effect,
    evidence: 'key-and-time',
    confidence: usual.confidence,
    why: `${why.join(', ')}, ${gapText(gap)}`,
  };
}

function nameOf({ type, channel }: Kind): string {
  return type ?? channel.name;
}

function gapText(gap: number): string {
  return gap >= 0
    ? `${durationText(gap)} before`
    : `although by the clocks of their machines it came ${durationText(-gap)} later`;
}

/** Without experience: the latest of those that the producer was handed or consumes, else the nearest that shares most. */
function plausible(
  effect: EventNode,
  candidates: readonly Candidate[],
): { readonly claim: Claim; readonly isKnown: boolean } | undefined {
  let best: Candidate | undefined;
  let rivals = 0;
  for (const candidate of candidates) {
    const { node, shared, reads } = candidate;
    if (byTime(node, effect) > 0 || (!shared && reads.is !== 'yes')) continue;
    if (reads.is === 'yes') rivals++;
    if (!best || isBetter(effect, candidate, best)) best = candidate;
  }
  const isKnown = best !== undefined && (best.reads.is === 'yes' || best.handed || isTraced(best));
  return best && { claim: plausibleClaim(effect, best, rivals), isKnown };
}

/** Candidates come latest first, so that the later wins where nothing else tells them apart. */
function isBetter(effect: EventNode, a: Candidate, b: Candidate): boolean {
  // Who was traced together belongs together, whatever is known of consumers.
  if (isTraced(a) !== isTraced(b)) return isTraced(a);
  if (a.handed !== b.handed) return a.handed;
  if ((a.reads.is === 'yes') !== (b.reads.is === 'yes')) return a.reads.is === 'yes';
  const siblings = isSibling(effect, a);
  if (siblings !== isSibling(effect, b)) return !siblings;
  if (!a.shared || !b.shared) return a.shared !== undefined && b.shared === undefined;
  return a.shared.carriers.length < b.shared.carriers.length;
}

/** From the effect's producer to the candidate's channel no way is known, although both are of one producer. */
function isSibling({ producer }: EventNode, { node, reads }: Candidate): boolean {
  return producer !== undefined && producer === node.producer && reads.is !== 'yes';
}

function isTraced({ shared }: Candidate): boolean {
  return shared?.rank === ranks.trace;
}

/** The value that fewest events carry, of those that both do. */
function mostSpecific(a: EventNode, b: EventNode): Token | undefined {
  let best: Token | undefined;
  for (const token of a.tokens) {
    // What several flows share ties what is only attached to one of them.
    if (token.state === 'hub' || (token.state === 'rejected' && a.component === b.component)) continue;
    if (!b.tokens.includes(token)) continue;
    if (!best || token.carriers.length < best.carriers.length) best = token;
    else if (token.carriers.length === best.carriers.length && isStronger(token, best)) best = token;
  }
  return best;
}

function isStronger(a: Token, b: Token): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.key < b.key);
}

const second = 1_000;

function plausibleClaim(effect: EventNode, best: Candidate, rivals: number): Claim {
  const { node, shared, reads, handed } = best;
  const gap = effect.time - node.time;
  const isShort = gap <= 5 * second;
  const isImplied = effect.producer === undefined;
  const consumes = reads.is === 'yes';
  let confidence: number;
  if (consumes && isImplied) confidence = shared && isShort ? 0.6 : 0.4;
  else if (handed && shared && isShort) confidence = 0.85;
  else if (consumes && shared)
    confidence = isShort ? (rivals > 1 ? 0.7 : 0.8) : gap <= 60 * second ? 0.65 : 0.5;
  else if (consumes) confidence = 0.4;
  else if (shared?.rank === ranks.trace) confidence = 0.3;
  else if (isSibling(effect, best)) confidence = 0.25;
  else confidence = isShort ? 0.5 : gap <= 60 * second ? 0.4 : 0.3;

  const reasons = [
    !consumes
      ? 'it is the nearest earlier event'
      : !isImplied
        ? `${reads.as} ${handed ? 'was handed it' : `consumes ${node.channel.name}`}`
        : `${reads.as}, after which ${effect.channel.name} is named, consumes ${node.channel.name}`,
    shared ? `both carry ${shared.name}=${shared.value}` : 'both are of one trace',
  ];
  const why = `${reasons.join(', ')}, ${gapText(gap)}`;
  return { cause: node, effect, evidence: 'key-and-time', confidence, why };
}
