import { appended } from '../base/lists.ts';
import { createLinkEdits, type LinkEdits } from '../model/link-edit.ts';
import type { EventFacts } from '../model/trace.ts';
import { sharedKeys } from './kept-keys.ts';
import { byTime, Component, EventNode, noNodes, takeLabels, takeVerdict, type Token } from './nodes.ts';
import { nameOf, tiesOfEvent, type KeyJudge, type Tie } from './ties.ts';
import { attachCap, createTokens, defaultCaps, type HubCaps, type Tokens } from './tokens.ts';

/** The events in memory, joined to components by the values that they carry. */
export interface Graph extends Pick<Tokens, 'missing' | 'knows' | 'byName' | 'complete'> {
  /** Adds an event and joins it by its ties. Ignores one that is in memory already. */
  insert(event: EventFacts, restored?: Restored, ties?: readonly Tie[]): void;
  /** Carries out verdicts that changed; afterwards components are what the events alone make them. */
  settle(): void;
  /** Joins and parts anew what these events, other keys of which join now, had to do with or have. */
  revise(nodes: ReadonlySet<EventNode>): void;
  /** As `byName`, and also an event whose name so many others carry that it is a hub. Slow: for what few ask. */
  find(eventId: string): EventNode | undefined;
  /** Joins and parts anew what these events are joined to: the user said something else of them. */
  retie(nodes: readonly EventNode[]): void;
  /** Makes dirty whatever shows this event. */
  touch(node: EventNode): void;
  /** Makes dirty what this event may be listed with. */
  touchSharers(node: EventNode): void;
  /** Forgets all events of a component, and tells the hash of each of their values. */
  drop(component: Component, forgotten: (hash: number) => void): void;
  readonly dirty: Set<Component>;
  readonly components: Set<Component>;
  /** Events in memory. */
  readonly size: number;
  /** Time as eviction counts it. */
  clock: number;
}

/** An event that comes back from the store: it was published like this, so it makes nothing dirty by itself. */
export interface Restored {
  /** Number of the trace's first event. */
  readonly trace: number;
  readonly failed: boolean;
  /** Memory holds all events that carry any of its values. */
  readonly complete?: boolean;
}

/**
 * `judge` may say something else of keys from then on; `revise` carries out what changed. So may `edits`, which `retie`
 * carries out.
 */
export function createGraph(
  judge: KeyJudge,
  caps: HubCaps = defaultCaps,
  edits: LinkEdits = createLinkEdits(),
): Graph {
  const dirty = new Set<Component>();
  const components = new Set<Component>();
  const pending = new Set<Token>();
  const tokens = createTokens(caps, judge, (token) => pending.add(token));
  let size = 0;

  const graph: Graph = {
    missing: tokens.missing,
    knows: tokens.knows,
    byName: tokens.byName,
    complete: tokens.complete,
    insert,
    settle,
    revise,
    find,
    retie(nodes) {
      settle();
      rebuild(new Set(nodes.map(({ component }) => component)));
      for (const node of nodes) graph.touch(node);
    },
    touch(node) {
      markDirty(node.component);
      for (const token of node.listed) markCarriers(token);
      for (const token of node.tokens) if (token.state === 'rejected') markCarriers(token);
    },
    touchSharers(node) {
      for (const token of node.listed) markCarriers(token);
      for (const token of node.tokens) {
        if (token.state === 'rejected' && token.carriers.length <= attachCap) markCarriers(token);
      }
    },
    drop(component, forgotten) {
      components.delete(component);
      dirty.delete(component);
      size -= component.nodes.length;
      tokens.forget(component.nodes, forgotten);
    },
    dirty,
    components,
    get size() {
      return size;
    },
    clock: 0,
  };
  return graph;

  function find(id: string): EventNode | undefined {
    const named = tokens.byName(id);
    if (named) return named;
    for (const { nodes } of components) {
      const found = nodes.find((node) => node.id === id);
      if (found) return found;
    }
    return undefined;
  }

  function markDirty(component: Component): void {
    component.touched = graph.clock;
    if (component.dirty) return;
    component.dirty = true;
    dirty.add(component);
  }

  function markCarriers(token: Token): void {
    for (const carrier of token.carriers) markDirty(carrier.component);
  }

  /** Whoever lists a value may have been alone until now. */
  function markLone(node: EventNode): void {
    if (node.component.nodes.length === 1) markDirty(node.component);
  }

  function markAttachable(token: Token): void {
    if (token.carriers.length <= attachCap + 1) markCarriers(token);
  }

  /** An event that is alone may be attached elsewhere (attach.ts); in company it is not. */
  function markHosts({ nodes }: Component): void {
    if (nodes.length !== 1) return;
    for (const token of (nodes[0] as EventNode).tokens) if (token.state === 'rejected') markAttachable(token);
  }

  function insert(event: EventFacts, restored?: Restored, ties = tiesOfEvent(event, judge)): void {
    const { hash } = nameOf(ties);
    const present = tokens.byName(event.id, hash);
    if (present) {
      // It came back with a trace that it is attached to; now comes its own.
      if (restored?.trace === present.seq) present.trace = restored.trace;
      return;
    }
    const node = new EventNode(event, hash);
    if (restored) {
      node.trace = restored.trace;
      node.failed ||= restored.failed;
    }
    size++;
    tokens.add(node, ties, restored !== undefined && restored.complete !== true);
    join(node, restored !== undefined);
    tie(node);
    for (const token of node.tokens) {
      for (const lister of token.listers) markLone(lister);
      if (token.state === 'rejected') markAttachable(token);
    }
    if (!restored) for (const token of node.listed) markCarriers(token);
  }

  function join(node: EventNode, restored: boolean): void {
    for (const token of node.tokens) {
      if (token.pending || token.carriers.length < 2 || !token.joins(node)) continue;
      const other = token.carriers.find((carrier) => carrier !== node && token.joins(carrier));
      if (!other) continue;
      if ((node.component as Component | undefined) === undefined) {
        node.keys = sharedKeys(node.keys, other.keys);
        enter(node, other.component, restored);
      } else merge(other.component, node.component);
    }
    if ((node.component as Component | undefined) !== undefined) return;
    node.component = new Component(node, graph.clock);
    components.add(node.component);
    if (!restored) markDirty(node.component);
  }

  /** Joins an event to those that the user linked with it, whatever they are about (partition.ts keeps them together). */
  function tie(node: EventNode): void {
    if (edits.size === 0) return;
    for (const id of edits.tiedTo(node.id)) {
      const other = find(id);
      if (other) merge(other.component, node.component);
    }
  }

  /** As `merge` with a component of its own, which need not be made for that. */
  function enter(node: EventNode, component: Component, restored: boolean): void {
    const wasPublishedSo = restored && component.nodes[0]?.trace === node.trace;
    node.component = component;
    markHosts(component);
    component.nodes = appended(component.nodes, node);
    takeLabels(component, node.labels);
    component.touched = graph.clock;
    if (!wasPublishedSo) markDirty(component);
  }

  function merge(a: Component, b: Component): void {
    if (a === b) return;
    const [into, from] = a.nodes.length >= b.nodes.length ? [a, b] : [b, a];
    const republish = into.dirty || from.dirty || into.nodes[0]?.trace !== from.nodes[0]?.trace;
    markHosts(into);
    markHosts(from);
    for (const node of from.nodes) {
      node.component = into;
      into.nodes = appended(into.nodes, node);
    }
    takeVerdict(into, from);
    components.delete(from);
    dirty.delete(from);
    into.touched = graph.clock;
    if (republish) markDirty(into);
  }

  /**
   * Takes apart the components in which a verdict changed and joins their events anew. Components are closed under the
   * values that joined before, so nothing outside of them is concerned.
   */
  function settle(): void {
    if (pending.size === 0) return;
    const concerned = new Set<Component>();
    for (const token of pending) {
      token.pending = false;
      for (const carrier of token.carriers) concerned.add(carrier.component);
      if (token.state === 'hub') token.carriers = noNodes;
    }
    pending.clear();
    rebuild(concerned);
  }

  function revise(nodes: ReadonlySet<EventNode>): void {
    settle();
    const concerned = new Set<Component>();
    for (const node of nodes) concerned.add(node.component);
    for (const token of tokens.revise(nodes, allNodes())) {
      for (const carrier of token.carriers) concerned.add(carrier.component);
      for (const lister of token.listers) markLone(lister);
    }
    rebuild(concerned);
    settle();
  }

  function* allNodes(): Generator<EventNode> {
    for (const component of components) yield* component.nodes;
  }

  function rebuild(concerned: ReadonlySet<Component>): void {
    const nodes: EventNode[] = [];
    for (const component of concerned) {
      components.delete(component);
      dirty.delete(component);
      for (const node of component.nodes) nodes.push(node);
    }
    nodes.sort(byTime);
    for (const node of nodes) {
      node.component = new Component(node, graph.clock);
      components.add(node.component);
      markDirty(node.component);
    }
    const first = new Map<Token, EventNode>();
    for (const node of nodes) {
      for (const token of node.tokens) {
        if (!token.joins(node)) continue;
        const other = first.get(token);
        if (other) merge(other.component, node.component);
        else first.set(token, node);
      }
    }
    for (const node of nodes) tie(node);
    for (const node of nodes) markHosts(node.component);
  }
}
