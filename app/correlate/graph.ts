import type { CorrelationKey, Facts } from '../model/event.ts';
import type { EventFacts } from '../model/trace.ts';
import { keyName, processRank } from './names.ts';
import { byTime, Component, EventNode, rank, Token, type Label } from './nodes.ts';
import { isIdLike } from './values.ts';

/** Beyond this many carriers a value is a hub. A process's own key may tie long flows; anything else that ties more ties strangers. */
export interface HubCaps {
  readonly process: number;
  readonly other: number;
}
export const defaultCaps: HubCaps = { process: 10_000, other: 256 };

/** A value with more carriers (if rejected) or listers than this attaches nobody to anything. */
export const attachCap = 64;

export interface Graph {
  /** Calls back with each value of an event that memory knows nothing or only a part of, and its token's key. */
  missing(event: EventFacts, found: (value: string, key: string) => void): void;
  /** Adds an event and joins it. Ignores one that is in memory already. */
  insert(event: EventFacts, restored?: Restored): void;
  /** Carries out verdicts that changed; afterwards components are what the events alone make them. */
  settle(): void;
  byName(eventId: string): EventNode | undefined;
  /** The token of a message id, if anybody refers to it. */
  idToken(id: string): Token | undefined;
  /** The value was looked up: all stored events that carry it are in memory. */
  complete(key: string): void;
  /** Makes dirty whatever shows this event. */
  touch(node: EventNode): void;
  /** Forgets all events of a component. */
  drop(component: Component): void;
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
}

/** What one event uses a value as. */
interface Use {
  readonly token: Token;
  process: boolean;
  /** The value is its own: its message id, its process's key. */
  owns: boolean;
}

/** One key for a value under all its names if its shape says that it is an id; else one for each name. */
function tokenKey(name: string, value: string): string {
  return isIdLike(value) ? value : `\0${name}=${value}`;
}

function rankOfKey(key: CorrelationKey): number {
  if (key.origin === 'trace-context') return rank.trace;
  if (key.name === 'key' || key.name === 'subject') return rank.hint;
  const process = processRank(key.name);
  if (process !== undefined) return process;
  return contextNames.has(key.name) ? rank.correlation : rank.business;
}

const contextNames = new Set([
  'correlationId',
  'conversationId',
  'requestId',
  'sagaId',
  'workflowId',
  'processInstanceId',
]);

function joins(key: CorrelationKey): boolean {
  return key.role === 'joins';
}

/** A batch lists what joins elsewhere; parties and places are searchable and tie nobody to anything. */
function lists(key: CorrelationKey): boolean {
  return keyName(key.name)?.role === 'joins';
}

export function createGraph(caps: HubCaps = defaultCaps): Graph {
  /** By token key. A node stands for itself as long as it alone names itself so: most message ids are never referred to. */
  const holders = new Map<string, EventNode | Token>();
  const dirty = new Set<Component>();
  const components = new Set<Component>();
  const pending = new Set<Token>();
  let size = 0;

  const graph: Graph = {
    missing,
    insert,
    settle,
    byName,
    idToken: (id) => tokenAt(tokenKey('id', id)),
    complete(key) {
      const token = tokenAt(key);
      if (token) token.partial = false;
    },
    touch(node) {
      markDirty(node.component);
      for (const token of node.listed) markCarriers(token);
      for (const token of node.tokens) if (token.state === 'rejected') markCarriers(token);
    },
    drop,
    dirty,
    components,
    get size() {
      return size;
    },
    clock: 0,
  };
  return graph;

  function tokenAt(key: string): Token | undefined {
    const holder = holders.get(key);
    return holder instanceof Token ? holder : undefined;
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

  function byName(eventId: string): EventNode | undefined {
    const holder = holders.get(tokenKey('id', eventId));
    if (holder instanceof Token) return holder.carriers.find((node) => node.id === eventId);
    return holder?.id === eventId ? holder : undefined;
  }

  function missing({ id: name, facts }: EventFacts, found: (value: string, key: string) => void): void {
    const check = (name: string, value: string) => {
      const key = tokenKey(name, value);
      const holder = holders.get(key);
      if (holder === undefined || (holder instanceof Token && holder.partial)) found(value, key);
    };
    for (const key of facts.keys) if (joins(key) || lists(key)) check(key.name, key.value);
    for (const id of facts.ids) check('id', id);
    check('id', name);
    for (const cause of facts.causes) check('id', cause.id);
  }

  function insert({ seq, id, channel, time, facts }: EventFacts, restored?: Restored): void {
    const present = byName(id);
    if (present) {
      // It came back with a trace that it is attached to; now comes its own.
      if (restored?.trace === seq && present.seq === seq && present.trace !== seq) present.trace = seq;
      return;
    }
    const node = new EventNode(seq, id, channel, time, facts);
    if (restored) {
      node.trace = restored.trace;
      node.failed ||= restored.failed;
    }
    const partial = restored !== undefined;
    const uses: Use[] = [];
    readKeys(node, facts, uses, partial);
    for (const cause of facts.causes) use(uses, tokenFor('id', cause.id, rank.id, partial), false, false);
    for (const own of facts.ids) declare(node, own, uses);
    declare(node, id, uses);

    size++;
    node.component = new Component(node, graph.clock);
    components.add(node.component);
    if (!restored) markDirty(node.component);
    for (const token of node.listed) list(node, token, partial);
    for (const entry of uses) carry(node, entry);
    for (const { token } of uses) join(node, token);
  }

  function readKeys(node: EventNode, facts: Facts, uses: Use[], partial: boolean): void {
    let labels: Label[] | undefined;
    let listed: Token[] | undefined;
    for (const key of facts.keys) {
      if (joins(key)) {
        const keyRank = rankOfKey(key);
        const token = tokenFor(key.name, key.value, keyRank, partial);
        const process = keyRank < rank.process;
        if (process) (labels ??= []).push({ rank: keyRank, key: token.key });
        use(uses, token, process, process);
      } else if (lists(key)) {
        (listed ??= []).push(tokenFor(key.name, key.value, rank.listed, partial));
      }
    }
    if (labels) node.labels = labels;
    if (listed) node.listed = listed;
  }

  /** A message's own id. It costs a token only once somebody else refers to it. */
  function declare(node: EventNode, id: string, uses: Use[]): void {
    const key = tokenKey('id', id);
    const holder = holders.get(key);
    if (holder === undefined) holders.set(key, node);
    else if (holder instanceof Token) {
      holder.called('id', rank.id);
      use(uses, holder, false, true);
    } else if (holder !== node) use(uses, promote(key, id, holder), false, true);
  }

  function tokenFor(name: string, value: string, keyRank: number, partial: boolean): Token {
    const key = tokenKey(name, value);
    let holder = holders.get(key);
    if (holder === undefined) {
      holder = new Token(key, value, name, keyRank);
      holder.partial = partial;
      holders.set(key, holder);
      return holder;
    }
    const token = holder instanceof Token ? holder : promote(key, value, holder);
    token.called(name, keyRank);
    return token;
  }

  /** Somebody refers to a node by its id. */
  function promote(key: string, value: string, node: EventNode): Token {
    const token = new Token(key, value, 'id', rank.id);
    holders.set(key, token);
    carry(node, { token, process: false, owns: true });
    return token;
  }

  function use(uses: Use[], token: Token, process: boolean, owns: boolean): void {
    for (const other of uses) {
      if (other.token !== token) continue;
      other.process ||= process;
      other.owns ||= owns;
      return;
    }
    uses.push({ token, process, owns });
  }

  function carry(node: EventNode, { token, process, owns }: Use): void {
    node.tokens.push(token);
    if (!process) token.soft++;
    if (token.state === 'hub') return;
    token.carriers.push(node);
    for (const label of node.labels) {
      token.labels.take(label.rank, label.key);
      if (owns) token.owner.take(label.rank, label.key);
    }
    const isHub = token.soft > caps.other || token.carriers.length > caps.process;
    const state = isHub ? 'hub' : token.judge();
    if (state === token.state) return;
    token.state = state;
    token.pending = true;
    pending.add(token);
  }

  function join(node: EventNode, token: Token): void {
    for (const lister of token.listers) markLone(lister);
    if (token.pending) return;
    if (token.state === 'rejected') markAttachable(token);
    else if (token.joins(node)) {
      const other = token.carriers.find((carrier) => carrier !== node && token.joins(carrier));
      if (other) merge(other.component, node.component);
    }
  }

  /** Whoever lists a value may have been alone until now. */
  function markLone(node: EventNode): void {
    if (node.component.nodes.length === 1) markDirty(node.component);
  }

  function markAttachable(token: Token): void {
    if (token.carriers.length <= attachCap + 1) markCarriers(token);
  }

  function list(node: EventNode, token: Token, restored: boolean): void {
    if (token.state === 'hub' || token.listers.length > attachCap) return;
    token.listers.push(node);
    if (!restored) markCarriers(token);
  }

  function merge(a: Component, b: Component): void {
    if (a === b) return;
    const [into, from] = a.nodes.length >= b.nodes.length ? [a, b] : [b, a];
    const republish =
      into.dirty || from.dirty || (into.nodes[0] as EventNode).trace !== (from.nodes[0] as EventNode).trace;
    leaveAlone(into);
    leaveAlone(from);
    for (const node of from.nodes) {
      node.component = into;
      into.nodes.push(node);
    }
    into.labels.merge(from.labels);
    components.delete(from);
    dirty.delete(from);
    into.touched = graph.clock;
    if (republish) markDirty(into);
  }

  /** An event that is alone may have been attached elsewhere (attach.ts); in company it is not. */
  function leaveAlone(component: Component): void {
    if (component.nodes.length !== 1) return;
    for (const token of (component.nodes[0] as EventNode).tokens) {
      if (token.state === 'rejected') markAttachable(token);
    }
  }

  /**
   * Takes apart the components in which a verdict changed and joins their events anew. Components are closed under the
   * values that joined before, so nothing outside of them is concerned.
   */
  function settle(): void {
    while (pending.size > 0) {
      const concerned = new Set<Component>();
      for (const token of pending) {
        token.pending = false;
        for (const carrier of token.carriers) concerned.add(carrier.component);
        if (token.state === 'hub') token.carriers = [];
      }
      pending.clear();
      rebuild(concerned);
    }
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
    for (const node of nodes) {
      if (node.component.nodes.length > 1) continue;
      for (const token of node.tokens) if (token.state === 'rejected') markAttachable(token);
    }
  }

  function drop(component: Component): void {
    components.delete(component);
    dirty.delete(component);
    const gone = new Set(component.nodes);
    size -= gone.size;
    for (const node of gone) {
      for (const token of node.tokens) forget(token, gone);
      for (const token of node.listed) forget(token, gone);
      for (const own of [node.id, ...node.ids]) {
        const key = tokenKey('id', own);
        if (holders.get(key) === node) holders.delete(key);
      }
    }
  }

  function forget(token: Token, gone: ReadonlySet<EventNode>): void {
    if (token.state === 'hub' || holders.get(token.key) !== token) return;
    token.carriers = token.carriers.filter((node) => !gone.has(node));
    token.listers = token.listers.filter((node) => !gone.has(node));
    if (token.carriers.length === 0 && token.listers.length === 0) holders.delete(token.key);
    else token.partial = true;
  }
}
