import { sortInPlace } from '../base/lists.ts';
import type { System } from '../model/message.ts';
import type { Link, Trace, TraceChanges, TraceSummary } from '../model/trace.ts';
import { attachedTo, hostOf, type Hosts } from './attach.ts';
import type { Company } from './company.ts';
import type { Graph } from './graph.ts';
import type { Kind } from './kind.ts';
import { forgetAlone, learnFrom, linkTrace, statedLinks, type LinkContext, type Linking } from './links.ts';
import { ranks, type Component, type EventNode, type Token } from './nodes.ts';
import { partition, type Cell } from './partition.ts';
import { channelKey } from './subscriptions.ts';

/** Keys in a summary; more tell a reader nothing. */
export const maxKeys = 8;

/** A trace is named after the earliest recorded of its joined events: what merges keeps the older name, what splits off gets its own. */
export function traceId(seq: number): string {
  return `t${seq.toString(36)}`;
}

/** The number that a trace's id was made of; 0 if it is none of ours. */
export function traceNumber(id: string): number {
  const seq = Number.parseInt(id.slice(1), 36);
  return traceId(seq) === id ? seq : 0;
}

/** Works out anew what is dirty, and says what became of what was published before. */
export function publish(
  graph: Graph,
  context: LinkContext & { readonly company: Company },
  relink: 'no' | 'learned' | 'all' = 'learned',
): { readonly upserted: Trace[]; readonly removed: TraceChanges['removed'] } {
  graph.settle();
  const founders: EventNode[] = [];
  const upserted: Trace[] = [];
  /** Traces whose links wait for what is to be learned from all of them. */
  const linkings: Linking[] = [];
  const hosted: { readonly node: EventNode; readonly host: EventNode }[] = [];
  const upsert = (linking: Linking, isChanged: boolean) => {
    const trace = toTrace(linking, context);
    const founder = linking.cell[0] as EventNode;
    const linked = hashOf(trace.links);
    // Nothing happened to it but that more is known, and that says the same.
    if (!isChanged && founder.linked === linked) return;
    founder.linked = linked;
    upserted.push(trace);
  };
  const take = (linking: Linking) => {
    if (relink !== 'no') linkings.push(linking);
    else {
      // One after the other, so that no more than one is on its way.
      learnFrom(linking, context);
      upsert(linking, true);
    }
  };
  const takeDirty = (isDone: (component: Component) => boolean) => {
    const hosts: Hosts = new Map();
    for (const component of graph.dirty) touchSharers(graph, component);
    for (const component of graph.dirty) {
      component.dirty = false;
      if (isDone(component) || component.nodes.every((node) => node.guest)) continue;
      for (const node of component.nodes) if (node.trace === node.seq) founders.push(node);
      for (const cell of partition(component, context.edits, context.company)) {
        const host = hostOf(cell);
        const first = firstSeq(cell);
        for (const node of cell) node.trace = host ? 0 : first;
        if (host) {
          forgetAlone(cell, context);
          hosted.push({ node: cell[0] as EventNode, host });
        } else take(statedLinks(cell, attachedTo(cell, hosts), context));
      }
    }
    graph.dirty.clear();
  };

  const taken = new Set(graph.dirty);
  takeDirty(() => false);
  for (const linking of linkings) learnFrom(linking, context);
  const changed = linkings.length;
  if (relink !== 'no') {
    const lessons = context.flows.learn();
    if (relink === 'all') for (const { nodes } of graph.components) graph.touch(nodes[0] as EventNode);
    else touchKinds(graph, lessons);
    takeDirty((component) => taken.has(component));
  }

  const hosts = new Map(hosted.map(({ node, host }) => [node, host]));
  const removed = founders
    .filter((node) => node.trace !== node.seq)
    .map((node) => {
      const into = node.trace || hosts.get(node)?.trace;
      return { id: traceId(node.seq), ...(into ? { into: traceId(into) } : {}) };
    });
  linkings.forEach((linking, i) => upsert(linking, i < changed));
  return { upserted, removed };
}

/** The same for the same links, and hardly ever for others. Never 0. */
function hashOf(links: readonly Link[]): number {
  let hash = 1;
  for (const { from, to, evidence, confidence, why } of links) {
    for (const part of [from, to, confidence * 1_000, evidence.length, why.length]) {
      hash = Math.imul(hash ^ part, 0x9e3779b1) + 1;
    }
  }
  return hash === 0 ? 1 : hash;
}

/** What several orders share is listed with each of them, so that they change with it. */
function touchSharers(graph: Graph, { nodes }: Component): void {
  for (const node of nodes) graph.touchSharers(node);
}

/** Links of these kinds' events may have other causes now. */
function touchKinds(graph: Graph, changed: ReadonlySet<Kind>): void {
  if (changed.size === 0) return;
  for (const component of graph.components) {
    const { nodes } = component;
    // Also one that is alone: what others share with it may be listed there, and linked.
    const node = nodes.find(({ kind }) => kind !== undefined && changed.has(kind));
    if (node) graph.touch(node);
  }
}

function firstSeq(cell: Cell): number {
  let first = Infinity;
  for (const node of cell) if (node.seq < first) first = node.seq;
  return first;
}

function toTrace(linking: Linking, context: LinkContext): Trace {
  const { cell, members } = linking;
  return {
    summary: summarize(cell, members),
    members: members.map((node) => node.seq),
    links: linkTrace(linking, context),
  };
}

function summarize(cell: Cell, members: readonly EventNode[]): TraceSummary {
  // Lists, since they are short, and a set for each trace is not cheap.
  const channels: string[] = [];
  const systems: System[] = [];
  let failed = false;
  let last: EventNode['channel'] | undefined;
  for (const node of members) {
    failed ||= node.failed;
    if (node.channel === last) continue;
    last = node.channel;
    const key = channelKey(last);
    if (!channels.includes(key)) channels.push(key);
    if (!systems.includes(last.system)) systems.push(last.system);
  }
  return {
    id: traceId(cell[0]?.trace ?? 0),
    keys: keysOf(cell),
    start: members[0]?.time ?? 0,
    end: members.at(-1)?.time ?? 0,
    events: members.length,
    hops: channels.length,
    systems,
    failed,
  };
}

/** The values wanted, each with how many events carry it. */
function carriersOf(cell: Cell, wanted: (token: Token, node: EventNode) => boolean): Map<Token, number> {
  const counts = new Map<Token, number>();
  for (const node of cell) {
    for (const token of node.tokens) if (wanted(token, node)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

type Ranked = Pick<Token, 'rank' | 'key'>;

/** The stronger first, whatever there is of each. */
export function byStrength(a: Ranked, b: Ranked): number {
  return a.rank - b.rank || (a.key < b.key ? -1 : 1);
}

/** The values that tie it, strongest first: by rank, then by how many of its events carry them. */
function keysOf(cell: Cell): { name: string; value: string }[] {
  const joining = carriersOf(cell, (token, node) => token.rank !== ranks.id && token.joins(node));
  // A lone event that nothing ties is still named by what it carries.
  const counts = joining.size > 0 ? joining : carriersOf(cell, (token) => token.rank !== ranks.id);
  const tokens = [...counts.keys()];
  sortInPlace(
    tokens,
    (a, b) => a.rank - b.rank || (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || byStrength(a, b),
  );
  return tokens.slice(0, maxKeys).map(({ name, value }) => ({ name, value }));
}
