import type { Claim } from './claim.ts';
import { ranks, type EventNode, type Token } from './nodes.ts';
import type { Cell } from './partition.ts';
import type { Consumers } from './subscriptions.ts';

/** How many earlier events are considered. In long traces the cause is near. */
export const reach = 48;

interface Candidate {
  readonly node: EventNode;
  /** The most specific value that both carry. */
  readonly shared: Token | undefined;
  /** The name under which the effect's producer consumes the candidate's channel. */
  readonly consumer: string | undefined;
  /** From the effect's producer to the candidate's channel no way is known, although both are. */
  readonly siblings: boolean;
}

/**
 * The most plausible cause of an event that names none, among the earlier events of its trace: the latest on a channel
 * that its producer consumes; where no consumer is known, the nearest that shares the most specific value. Nothing where
 * what is known speaks against all of them.
 */
export function inferCause(
  cell: Cell,
  at: number,
  consumers: Consumers,
  isExcluded: (cause: EventNode) => boolean,
): Claim | undefined {
  const effect = cell[at] as EventNode;
  const implied = effect.producer === undefined ? consumers.namesake(effect.channel) : undefined;
  const producer = effect.producer ?? implied;
  let best: Candidate | undefined;
  let rivals = 0;
  for (let i = at - 1; i >= 0 && i >= at - reach; i--) {
    const node = cell[i] as EventNode;
    if (isExcluded(node)) continue;
    const reads = consumers.reads(producer, node.channel);
    // Who a channel is named after is a guess, and rules nobody out.
    if (reads.is === 'no' && implied === undefined) continue;
    const shared = mostSpecific(effect, node);
    const consumer = reads.is === 'yes' ? reads.as : undefined;
    if (!shared && consumer === undefined) continue;
    const siblings = producer !== undefined && producer === node.producer && consumer === undefined;
    const candidate: Candidate = { node, shared, consumer, siblings };
    if (consumer !== undefined) rivals++;
    if (!best || isBetter(candidate, best)) best = candidate;
  }
  return best && claimOf(effect, best, rivals, implied);
}

/** Candidates come latest first, so that the later wins where nothing else tells them apart. */
function isBetter(a: Candidate, b: Candidate): boolean {
  // Who was traced together belongs together, whatever is known of consumers.
  if (isTraced(a) !== isTraced(b)) return isTraced(a);
  if ((a.consumer !== undefined) !== (b.consumer !== undefined)) return a.consumer !== undefined;
  if (a.siblings !== b.siblings) return b.siblings;
  if (!a.shared || !b.shared) return a.shared !== undefined && b.shared === undefined;
  return a.shared.carriers.length < b.shared.carriers.length;
}

function isTraced({ shared }: Candidate): boolean {
  return shared?.rank === ranks.trace;
}

/** The value that fewest events carry, of those that both do. */
function mostSpecific(a: EventNode, b: EventNode): Token | undefined {
  let best: Token | undefined;
  for (const token of a.tokens) {
    if (token.state === 'rejected' || token.state === 'hub') continue;
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

function claimOf(
  effect: EventNode,
  { node, shared, consumer, siblings }: Candidate,
  rivals: number,
  implied: string | undefined,
): Claim {
  const gap = effect.time - node.time;
  const isShort = gap <= 5 * second;
  let confidence: number;
  if (consumer !== undefined && implied !== undefined) confidence = shared && isShort ? 0.6 : 0.4;
  else if (consumer !== undefined && shared)
    confidence = isShort ? (rivals > 1 ? 0.7 : 0.8) : gap <= 60 * second ? 0.65 : 0.5;
  else if (consumer !== undefined) confidence = 0.4;
  else if (shared?.rank === ranks.trace) confidence = isShort ? 0.7 : 0.5;
  else if (siblings) confidence = 0.25;
  else confidence = isShort ? 0.5 : gap <= 60 * second ? 0.4 : 0.3;

  const reasons = [
    consumer === undefined
      ? 'it is the nearest earlier event'
      : implied === undefined
        ? `${consumer} consumes ${node.channel.name}`
        : `${consumer}, after which ${effect.channel.name} is named, consumes ${node.channel.name}`,
    shared ? `both carry ${shared.name}=${shared.value}` : 'both are of one trace',
  ];
  const why = `${reasons.join(', ')}, ${duration(gap)} before`;
  return { cause: node, effect, evidence: 'key-and-time', confidence, why };
}

/** Two significant figures. */
export function duration(ms: number): string {
  if (ms < 1) return 'less than 1 ms';
  if (ms < second) return `${significant(ms)} ms`;
  if (ms < 120 * second) return `${significant(ms / second)} s`;
  if (ms < 7_200 * second) return `${significant(ms / 60 / second)} min`;
  return `${significant(ms / 3_600 / second)} h`;
}

function significant(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(2));
}
