import { hashText } from '../base/hash.ts';
import { appended } from '../base/lists.ts';
import { createHolders } from './holders.ts';
import { noLabels, noNodes, ranks, takeLabels, Token, type EventNode } from './nodes.ts';
import { scopeOf, tokenKey } from './scope.ts';
import { rankOfKey, tiesOf, type KeyJudge, type Tie } from './ties.ts';

/** Beyond this many carriers a value is a hub. A process's own key may tie long flows; anything else that ties more ties strangers. */
export interface HubCaps {
  readonly process: number;
  readonly other: number;
}
export const defaultCaps: HubCaps = { process: 10_000, other: 256 };

/** A value with more carriers (if rejected) or listers than this attaches nobody to anything. */
export const attachCap = 64;

/** All values that events in memory carry, and the ids by which they are known. */
export interface Tokens {
  /** Calls back with each value that stored events may carry besides those in memory. */
  missing(ties: readonly Tie[], isStored: (hash: number) => boolean, found: (tie: Tie) => void): void;
  /** Whether any event in memory carries one of these values. */
  knows(ties: readonly Tie[]): boolean;
  byName(eventId: string, hash?: number): EventNode | undefined;
  /** Stored events that carry it are in memory now. */
  complete(tie: Tie): void;
  /** Gives a new node its tokens. `partial` if the store may know more of them. */
  add(node: EventNode, ties: readonly Tie[], partial: boolean): void;
  /**
   * Gives nodes the tokens that they should have now that other keys of theirs join. Tells the tokens of which others of
   * those in memory may have to be judged anew.
   */
  revise(nodes: ReadonlySet<EventNode>, inMemory: Iterable<EventNode>): ReadonlySet<Token>;
  /** Lets go of a component's nodes, and tells the hash of each of their values once. */
  forget(nodes: readonly EventNode[], forgotten: (hash: number) => void): void;
}

/** `onVerdict` is told of tokens whose state changed after they had joined others. */
export function createTokens(caps: HubCaps, judge: KeyJudge, onVerdict: (token: Token) => void): Tokens {
  const { joins, tokenName } = judge;
  const holders = createHolders();
  /** Tokens of the event at hand; kept for the next one. */
  const gathered: Token[] = [];

  return { missing, knows, byName, complete, add, revise, forget };

  function byName(eventId: string, hash = hashText(eventId)): EventNode | undefined {
    const holder = holders.find({ value: eventId, scope: scopeOf('id', eventId), hash });
    if (holder instanceof Token) return holder.carriers.find((node) => node.id === eventId);
    return holder?.id === eventId ? holder : undefined;
  }

  function missing(
    ties: readonly Tie[],
    isStored: (hash: number) => boolean,
    found: (tie: Tie) => void,
  ): void {
    for (const tie of ties) {
      if (!isStored(tie.hash)) continue;
      const holder = holders.find(tie);
      if (holder === undefined || (holder instanceof Token && holder.partial)) found(tie);
    }
  }

  function knows(ties: readonly Tie[]): boolean {
    if (holders.size === 0) return false;
    for (const tie of ties) if (holders.find(tie) !== undefined) return true;
    return false;
  }

  function complete(tie: Tie): void {
    const holder = holders.find(tie);
    if (holder instanceof Token) holder.partial = false;
  }

  function add(node: EventNode, ties: readonly Tie[], partial: boolean): void {
    let listed: Token[] | undefined;
    for (const tie of ties) if (tie.sort === 'listed') (listed ??= []).push(tokenFor(tie, partial));
    if (listed) node.listed = listed;
    take(node, ties, partial);
    for (const token of node.listed) {
      // One more than attaches anybody, so that it shows that there are too many.
      if (token.state !== 'hub' && token.listers.length <= attachCap)
        token.listers = appended(token.listers, node);
    }
  }

  /** Values it carries, and its own names. */
  function take(node: EventNode, ties: readonly Tie[], partial: boolean): void {
    gathered.length = 0;
    for (const tie of ties) {
      if (tie.sort === 'id' || tie.sort === 'name') declare(node, tie);
      else if (tie.sort !== 'listed') {
        const token = carriedBy(node, tie, partial);
        if (tie.sort === 'cause') node.causes = naming(node.causes, token.value);
        gather(token);
      }
    }
    node.tokens = gathered.slice();
    for (const token of node.tokens) carry(node, token);
  }

  function carriedBy(node: EventNode, tie: Tie, partial: boolean): Token {
    const token = tokenFor(tie, partial);
    if (tie.rank < ranks.process) {
      const labels = token.labelsAt(tie.rank);
      node.labels = node.labels.length === 0 ? labels : node.labels.concat(labels);
    }
    return token;
  }

  function revise(nodes: ReadonlySet<EventNode>, inMemory: Iterable<EventNode>): ReadonlySet<Token> {
    const affected = new Set<Token>();
    for (const node of nodes) for (const token of node.tokens) affected.add(token);
    const others: { readonly node: EventNode; readonly token: Token }[] = [];
    // Not out of the tokens: a hub has let go of its carriers.
    for (const node of inMemory) {
      if (nodes.has(node)) continue;
      for (const token of node.tokens) if (affected.has(token)) others.push({ node, token });
    }
    for (const token of affected) token.reset();
    for (const { node, token } of others) {
      callBy(node, token);
      carry(node, token);
    }
    for (const node of nodes) {
      node.labels = noLabels;
      take(node, tiesOf(node, judge), true);
      for (const token of node.tokens) affected.add(token);
    }
    for (const token of affected) {
      token.partial = true;
      if (token.carriers.length === 0 && token.listers.length === 0) holders.delete(token.hash, token);
    }
    return affected;
  }

  /** Names a token as a node does that carries it. */
  function callBy(node: EventNode, token: Token): void {
    for (const key of node.keys) {
      if (tokenKey(tokenName(node.channel, key), key.value) === token.key && joins(node.channel, key))
        token.called(key.name, rankOfKey(key));
    }
    const isIt = (id: string) => tokenKey('id', id) === token.key;
    if (isIt(node.id) || node.ids.some(isIt) || node.causes.some((cause) => isIt(cause.id)))
      token.called('id', ranks.id);
  }

  /** A message's own id. It costs a token only once somebody else refers to it. */
  function declare(node: EventNode, tie: Tie): void {
    const holder = holders.find(tie);
    if (holder === undefined) holders.add(tie.hash, node);
    else if (holder instanceof Token) {
      holder.called('id', ranks.id);
      gather(holder);
    } else if (holder !== node) gather(promote(tie, holder));
  }

  function tokenFor(tie: Tie, partial: boolean): Token {
    const holder = holders.find(tie);
    if (holder === undefined) {
      const token = new Token(tie, tie.name, tie.rank);
      token.partial = partial;
      holders.add(tie.hash, token);
      return token;
    }
    const token = holder instanceof Token ? holder : promote(tie, holder);
    token.called(tie.name, tie.rank);
    return token;
  }

  /** Somebody refers to a node by its id. */
  function promote(tie: Tie, node: EventNode): Token {
    const { value: text, scope, hash } = tie;
    // The node's own text, not another of the same.
    const value = node.id === text ? node.id : (node.ids.find((id) => id === text) ?? text);
    const token = new Token({ value, scope, hash }, 'id', ranks.id);
    holders.replace(tie.hash, node, token);
    node.tokens = appended(node.tokens, token);
    carry(node, token);
    return token;
  }

  function gather(token: Token): void {
    if (!gathered.includes(token)) gathered.push(token);
  }

  function carry(node: EventNode, token: Token): void {
    if (!isLabelOf(node, token)) token.soft++;
    if (token.state === 'hub') return;
    token.carriers = appended(token.carriers, node);
    takeLabels(token, node.labels);
    if (token.owner && token.belongsTo(node)) takeLabels(token.owner, node.labels);
    const isHub = token.soft > caps.other || token.carriers.length > caps.process;
    const state = isHub ? 'hub' : token.judge();
    if (state === token.state) return;
    token.state = state;
    token.pending = true;
    onVerdict(token);
  }

  function forget(nodes: readonly EventNode[], forgotten: (hash: number) => void): void {
    for (const node of nodes) node.gone = true;
    for (const node of nodes) {
      for (const token of node.tokens) forgetToken(token, nodes.length, forgotten);
      for (const token of node.listed) forgetToken(token, nodes.length, forgotten);
      for (const id of node.ids) forgetName(hashText(id), node, forgotten);
      forgetName(node.hash, node, forgotten);
    }
  }

  function forgetName(hash: number, node: EventNode, forgotten: (hash: number) => void): void {
    if (holders.delete(hash, node)) forgotten(hash);
  }

  function forgetToken(token: Token, nodes: number, forgotten: (hash: number) => void): void {
    const { carriers, listers } = token;
    if (token.state === 'hub' || (carriers.length === 0 && listers.length === 0)) return;
    // What joins all its carriers has them all in one component: it goes with that.
    const goes = token.state === 'open' && !token.pending && carriers.length > 0 && carriers.length <= nodes;
    token.carriers = goes ? noNodes : present(carriers);
    token.listers = present(listers);
    forgotten(token.hash);
    if (token.carriers.length === 0 && token.listers.length === 0) holders.delete(token.hash, token);
    else token.partial = true;
  }
}

/** The causes, with the id of one as a text that others hold too. */
function naming(causes: EventNode['causes'], id: string): EventNode['causes'] {
  return causes.map((cause) => (cause.id === id ? { ...cause, id } : cause));
}

function isLabelOf(node: EventNode, token: Token): boolean {
  for (const label of node.labels) if (label.key === token.key) return true;
  return false;
}

function present(nodes: readonly EventNode[]): readonly EventNode[] {
  const left = nodes.length === 0 ? nodes : nodes.filter((node) => !node.gone);
  return left.length === 0 ? noNodes : left;
}
