import { Hashed } from '../base/hash.ts';
import type { CorrelationKey, Facts } from '../model/event.ts';
import type { Channel, Position } from '../model/message.ts';
import type { EventFacts } from '../model/trace.ts';
import { keptKeys } from './kept-keys.ts';
import { contextNames, mayJoin } from './key-fields.ts';
import type { Kind } from './kind.ts';
import { scopedKey } from './scope.ts';

/**
 * The parts of the graph that correlation keeps in memory.
 *
 * An event and the values it carries are a bipartite graph: events joined by a value they share. What keeps it true is
 * the label: the value of an event's highest-ranked process key (`orderId=12345`). A value whose carriers are labelled as
 * two different orders is no proof that they belong together, whatever it is (a shared payment, a trace id that a batch
 * consumer passed on). Every verdict here depends on the set of events alone, never on the order in which they came.
 */

/** Ranks of what a value is used as, strongest first. Ranks of process keys (0 to 99) come from names.ts. */
export const ranks = {
  process: 100,
  business: 1_000,
  found: 1_500,
  correlation: 2_000,
  trace: 2_001,
  id: 2_500,
  hint: 2_600,
  listed: 9_000,
} as const;

/** "This event is about that order": the rank of `orderId`, and the key of the token that is its value. */
export interface Label {
  readonly rank: number;
  /** Not the token itself: it may leave memory and come back as another object. */
  readonly key: string;
}

/** A participant was handed an event. */
export interface Handed {
  readonly consumer: string;
  /** Not before, epoch ms. */
  readonly from: number;
}

const noHanded: readonly Handed[] = [];
export const noLabels: readonly Label[] = [];
const noTokens: readonly Token[] = [];
export const noNodes: readonly EventNode[] = [];

/** An event, as long as it is in memory. Its hash is that of its name. */
export class EventNode extends Hashed {
  readonly seq: number;
  readonly id: string;
  readonly channel: Channel;
  readonly time: number;
  readonly position: Position | undefined;
  /** Whose clock that is. */
  readonly clock: EventFacts['clock'];
  readonly type: string | undefined;
  readonly producer: string | undefined;
  /** What tells it from others of its channel where it has no type (shape.ts). */
  readonly shape: string | undefined;
  /** The span that it was sent in, and the one around that. */
  readonly spanId: string | undefined;
  readonly parentSpanId: string | undefined;
  readonly ids: Facts['ids'];
  causes: Facts['causes'];
  /** What it carries that joins, or may join once more is known. */
  keys: readonly CorrelationKey[];
  /** Correlation ids and the like that are not among these: counts of a few digits. */
  private readonly counts: readonly string[];
  /** Values it carries that may join. */
  tokens: readonly Token[] = noTokens;
  /** Values that it lists (a batch): it is attached to the traces that these join. */
  listed: readonly Token[] = noTokens;
  labels: readonly Label[] = noLabels;
  /** Set as soon as it is in the graph. */
  component!: Component;
  /** How often it had been tried, where it says so. */
  readonly attempt: number | undefined;
  failed: boolean;
  /** Number of the first event of the trace it was last published in; 0 before, and while it is only attached. */
  trace = 0;
  /** What its trace's links were when last published, as a hash; 0 if it is not known. */
  linked = 0;
  /** It came back only because it is attached to a trace that did. Its own trace, if it has one, is still in the store. */
  guest = false;
  /** It left memory. */
  gone = false;
  /** What it is an instance of, once somebody asked (kinds.ts). */
  kind: Kind | undefined = undefined;
  /** Who was handed it, and when first. */
  handed: readonly Handed[] = noHanded;
  /** Scratch for whoever walks a trace: equal to the walk's number for its members. */
  mark = 0;

  constructor({ seq, id, channel, position, time, clock, facts }: EventFacts, hash: number) {
    super(hash);
    this.seq = seq;
    this.id = id;
    this.channel = channel;
    this.time = time;
    this.position = position;
    this.clock = clock;
    this.type = facts.type;
    this.producer = facts.producer;
    this.shape = facts.shape;
    this.spanId = facts.trace?.spanId;
    this.parentSpanId = facts.trace?.parentSpanId;
    this.ids = facts.ids;
    this.causes = facts.causes;
    this.keys = keptKeys(facts.keys);
    this.counts = countsOf(facts);
    this.attempt = facts.attempt;
    this.failed = hasDied(facts);
  }

  /** Whether it has this correlation id, or its like. */
  hasContext(id: string): boolean {
    for (const { name, value } of this.keys) if (value === id && contextNames.has(name)) return true;
    return this.counts.includes(id);
  }
}

const noCounts: readonly string[] = [];

function countsOf({ keys }: Facts): readonly string[] {
  let counts = noCounts;
  for (const key of keys) if (contextNames.has(key.name) && !mayJoin(key)) counts = [...counts, key.value];
  return counts;
}

/** Whether an event says that it is a dead letter. */
export function hasDied(facts: Facts): boolean {
  return facts.causes.some((cause) => cause.evidence === 'dead-letter');
}

/** Order in time; the order of recording where clocks say nothing. */
export function byTime(a: EventNode, b: EventNode): number {
  return a.time - b.time || a.seq - b.seq;
}

export type TokenState =
  /** Joins all its carriers. */
  | 'open'
  /** Joins the carriers that do not contradict its owner. */
  | 'owned'
  /** Joins nobody: its carriers are about different things. */
  | 'rejected'
  /** Joins nobody: too many carry it. */
  | 'hub';

/** What some events are about: the highest-ranked label among theirs, and whether two of them differ in it. */
export interface Verdict {
  best: Label | undefined;
  conflict: boolean;
}

export function newVerdict(labels: readonly Label[] = noLabels): Verdict {
  const verdict: Verdict = { best: undefined, conflict: false };
  takeLabels(verdict, labels);
  return verdict;
}

/** The result does not depend on the order of calls. */
function takeLabel(verdict: Verdict, label: Label): void {
  const { best } = verdict;
  if (best === undefined || label.rank < best.rank) {
    verdict.best = label;
    verdict.conflict = false;
  } else if (label.rank === best.rank && label.key !== best.key) verdict.conflict = true;
}

export function takeLabels(verdict: Verdict, labels: readonly Label[]): void {
  for (const label of labels) takeLabel(verdict, label);
}

export function takeVerdict(verdict: Verdict, { best, conflict }: Verdict): void {
  if (best === undefined) return;
  takeLabel(verdict, best);
  if (conflict && best.rank === verdict.best?.rank) verdict.conflict = true;
}

/**
 * A value, and who carries it. One token for all names under which it appears, where its shape allows that. There are
 * more of these than events: what it is judged by are its own fields.
 */
export class Token extends Hashed implements Verdict {
  /** Its value and scope as one text. */
  readonly key: string;
  readonly value: string;
  /** Under which the graph finds it (see `scopeOf`), beside the value's hash. */
  readonly scope: string | undefined;
  /** The best name it has. */
  name: string;
  rank: number;
  carriers: readonly EventNode[] = noNodes;
  /** Batches that list it. */
  listers: readonly EventNode[] = noNodes;
  state: TokenState = 'open';
  /** What the carriers are about. */
  best: Label | undefined = undefined;
  conflict = false;
  /**
   * Labels of whoever the value belongs to: the message whose id it is, the order whose number it is. Worked out once the
   * carriers disagree; before that it makes no difference.
   */
  owner: Verdict | undefined = undefined;
  /** As the label of events that are about it; kept, since most events have one label and share it with their whole flow. */
  private ownLabels: readonly Label[] = noLabels;
  /** Carriers that use it as something else than a process's key. */
  soft = 0;
  /** Stored events that are not in memory may carry it. */
  partial = false;
  /** Its state changed; what it joined is to be worked out again. */
  pending = false;

  constructor({ value, scope, hash }: Pick<Token, 'value' | 'scope' | 'hash'>, name: string, rank: number) {
    super(hash);
    this.key = scopedKey(scope, value);
    this.value = value;
    this.scope = scope;
    this.name = name;
    this.rank = rank;
  }

  /** Forgets who carries it; who still does is to be told again. */
  reset(): void {
    this.rank = ranks.listed;
    this.carriers = noNodes;
    this.state = 'open';
    this.best = undefined;
    this.conflict = false;
    this.owner = undefined;
    this.soft = 0;
    this.partial = true;
  }

  /** Takes the better of two names, so that all orders of arrival end with the same. */
  called(name: string, rank: number): void {
    if (rank < this.rank || (rank === this.rank && name < this.name)) {
      this.name = name;
      this.rank = rank;
    }
  }

  /** The labels of an event that is about this and nothing else. */
  labelsAt(rank: number): readonly Label[] {
    if (this.ownLabels[0]?.rank !== rank) this.ownLabels = [{ rank, key: this.key }];
    return this.ownLabels;
  }

  /** What the state should be now, hubs aside. */
  judge(): TokenState {
    if (!this.conflict || this.best === undefined) return 'open';
    const owner = (this.owner ??= this.findOwner());
    const owned = owner.best !== undefined && !owner.conflict && owner.best.rank <= this.best.rank;
    return owned ? 'owned' : 'rejected';
  }

  /** Whether message ids are found under this key, beside what else has the value. */
  get isId(): boolean {
    return this.scope === undefined || this.scope === 'id';
  }

  /** Whether the value is this event's own: its message id or name, or its process's key. */
  belongsTo(node: EventNode): boolean {
    return node.labels.some((label) => label.key === this.key) || (this.isId && this.names(node));
  }

  /** Whether the value is the event's message id or its name. */
  names(node: EventNode): boolean {
    return node.id === this.value || node.ids.includes(this.value);
  }

  private findOwner(): Verdict {
    const owner = newVerdict();
    for (const node of this.carriers) if (this.belongsTo(node)) takeLabels(owner, node.labels);
    return owner;
  }

  /** Whether this value ties that carrier to the others. */
  joins(node: EventNode): boolean {
    if (this.state === 'open') return true;
    return this.state === 'owned' && !this.contradicts(node);
  }

  private contradicts(node: EventNode): boolean {
    const best = this.owner?.best;
    return best !== undefined && node.labels.some(({ rank, key }) => rank === best.rank && key !== best.key);
  }
}

/** Events tied by values, directly or over others; one trace, unless its labels conflict (partition.ts). */
export class Component implements Verdict {
  nodes: readonly EventNode[];
  /** What its events are about. */
  best: Label | undefined = undefined;
  conflict = false;
  dirty = false;
  /** When it last changed, in calls of `add`. */
  touched: number;

  constructor(node: EventNode, touched: number) {
    this.nodes = [node];
    this.touched = touched;
    takeLabels(this, node.labels);
  }
}
