import { sortInPlace } from '../base/lists.ts';
import type { LinkEdits } from '../model/link-edit.ts';
import type { Company } from './company.ts';
import { apart } from './nearness.ts';
import {
  byTime,
  newVerdict,
  ranks,
  takeVerdict,
  type Component,
  type EventNode,
  type Token,
  type Verdict,
} from './nodes.ts';
import { areStrangers, strangersTies } from './strangers.ts';

/** The events of one trace: joined, not attached. Never empty; earliest first. */
export type Cell = readonly EventNode[];

const none: ReadonlySet<Token> = new Set();

/**
 * Parts a component into traces. Mostly it is one. Where its events are labelled as two different orders, which no single
 * value shows (order A and an unlabelled event share one value, that event and order B another), values are taken in
 * order of trust, and one that would merge the two joins nobody. Nor does a correlation id or trace id join what hardly ever
 * shares one (company.ts). What the user linked is one trace whatever it is about.
 * A function of the component's events, of what the user said of them, and of what is known of such ids, alone.
 */
export function partition(component: Component, edits: LinkEdits, company: Company): Cell[] {
  const nodes = sortInPlace(component.nodes.slice(), byTime);
  const passedOn = nodes.length > 1 ? strangersTies(nodes, company) : none;
  if (!component.conflict && passedOn.size === 0) return [nodes];
  const cells = byValues(nodes, (token, a, b) => passedOn.has(token) && areStrangers(a, b, token, company));
  return edits.size === 0 || cells.length < 2 ? cells : joinTied(cells, edits);
}

/** Puts together the cells between which the user made links. */
function joinTied(cells: readonly Cell[], edits: LinkEdits): Cell[] {
  const cellOf = new Map<string, { readonly nodes: EventNode[] }>();
  for (const cell of cells) {
    const joined = { nodes: cell.slice() };
    for (const { id } of cell) cellOf.set(id, joined);
  }
  for (const { id } of cells.flat()) {
    for (const other of edits.tiedTo(id)) {
      const [into, from] = [cellOf.get(id), cellOf.get(other)];
      if (!into || !from || into === from) continue;
      for (const node of from.nodes) cellOf.set(node.id, into);
      into.nodes.push(...from.nodes);
    }
  }
  return [...new Set(cellOf.values())].map((joined) => joined.nodes.sort(byTime));
}

type MayNotMeet = (token: Token, a: readonly EventNode[], b: readonly EventNode[]) => boolean;

function byValues(nodes: readonly EventNode[], mayNotMeet: MayNotMeet): Cell[] {
  const cellOf = new Map<EventNode, Part>(nodes.map((node) => [node, newPart(node)]));
  const join = (into: Part, part: Part) => {
    for (const node of part.nodes) cellOf.set(node, into);
    into.nodes.push(...part.nodes);
    takeVerdict(into.labels, part.labels);
  };
  for (const { token, carriers } of tiesByTrust(nodes)) {
    const parts = new Set(carriers.map((node) => cellOf.get(node) as Part));
    const labels = newVerdict();
    for (const part of parts) takeVerdict(labels, part.labels);
    if (parts.size < 2 || labels.conflict) continue;
    const larger = [...parts].sort((a, b) => b.nodes.length - a.nodes.length);
    const apartFrom: Part[] = [];
    for (const part of larger) {
      const friends = apartFrom.filter((other) => !mayNotMeet(token, other.nodes, part.nodes));
      const [into] = friends.length < 2 ? friends : friends.sort(byNearness(part));
      if (into) join(into, part);
      else apartFrom.push(part);
    }
  }
  return [...new Set(cellOf.values())].map((part) => part.nodes.sort(byTime));
}

/** What is nearer in time to a part first. */
function byNearness({ nodes }: Part): (a: Part, b: Part) => number {
  const far = (part: Part) => apart(part.nodes, nodes);
  return (a, b) => far(a) - far(b) || byTime(a.nodes[0] as EventNode, b.nodes[0] as EventNode);
}

interface Part {
  readonly nodes: EventNode[];
  readonly labels: Verdict;
}

function newPart(node: EventNode): Part {
  return { nodes: [node], labels: newVerdict(node.labels) };
}

/** What each value ties, the most trusted value first; of equal rank that which ties fewer, then the earlier. */
function tiesByTrust(nodes: readonly EventNode[]): readonly Tie[] {
  const ties = new Map<Token, EventNode[]>();
  for (const node of nodes) {
    for (const token of node.tokens) {
      if (!token.joins(node)) continue;
      const carriers = ties.get(token);
      if (carriers) carriers.push(node);
      else ties.set(token, [node]);
    }
  }
  return [...ties]
    .filter(([, carriers]) => carriers.length > 1)
    .sort(
      ([a, ofA], [b, ofB]) =>
        trust(a) - trust(b) ||
        ofA.length - ofB.length ||
        byTime(ofA[0] as EventNode, ofB[0] as EventNode) ||
        (a.key < b.key ? -1 : 1),
    )
    .map(([token, carriers]) => ({ token, carriers }));
}

interface Tie {
  readonly token: Token;
  readonly carriers: readonly EventNode[];
}

/** Naming a cause by its id is worth more than sharing a part or a context, less than being about the same order. */
function trust(token: Token): number {
  return token.rank === ranks.id ? ranks.process : token.rank;
}
