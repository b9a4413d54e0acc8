import type { CorrelationKey, Facts } from '../model/event.ts';
import type { EventFacts } from '../model/trace.ts';
import { contextNames, type Fields } from './key-fields.ts';
import { keyName, processRank } from './names.ts';
import { appended, noLabels, noNodes, ranks, Token, type EventNode } from './nodes.ts';
import { isIdLike, isNumberId } from './values.ts';

/** Beyond this many carriers a value is a hub. A process's own key may tie long flows; anything else that ties more ties strangers. */
export interface HubCaps {
  readonly process: number;
  readonly other: number;
}
export const defaultCaps: HubCaps = { process: 10_000, other: 256 };

/** A value with more carriers (if rejected) or listers than this attaches nobody to anything. */
export const attachCap = 64;

/** What says which keys join, and as what. */
export type KeyJudge = Pick<Fields, 'joins' | 'tokenName'>;

/** All values that events in memory carry, and the ids by which they are known. */
export interface Tokens {
  /** Calls back with each value that stored events may carry besides those in memory, and its token's key. */
  missing(
    event: EventFacts,
    isStored: (value: string) => boolean,
    found: (value: string, key: string) => void,
  ): void;
  /** Whether any event in memory carries a value of this one. */
  knows(event: EventFacts): boolean;
  byName(eventId: string): EventNode | undefined;
  /** Stored events that carry it are in memory now. */
  complete(key: string): void;
  /** Gives a new node its tokens. `partial` if the store may know more of them. */
  add(node: EventNode, facts: Facts, partial: boolean): void;
  /**
   * Gives nodes the tokens that they should have now that other keys of theirs join. Tells the tokens of which others of
   * those in memory may have to be judged anew.
   */
  revise(nodes: ReadonlySet<EventNode>, inMemory: Iterable<EventNode>): ReadonlySet<Token>;
  /** Lets go of a component's nodes, and tells each of their values once. */
  forget(nodes: readonly EventNode[], value: (value: string) => void): void;
}

/**
 * One key for a value under all its names if its shape says that it is an id; else one for each name. A plain number is
 * the same thing as an order's id (`orderId`, of any process) and under a name that says of nothing what it is
 * (`reference`, the message key), never as a payment's id and an order's.
 */
export function tokenKey(name: string, value: string): string {
  if (isIdLike(value)) return value;
  const shared = (genericNames.has(name) || isProcessId(name)) && isNumberId(value);
  return `\0${shared ? '#' : name}=${value}`;
}

const genericNames = new Set([
  'reference',
  'key',
  'subject',
  'aggregateId',
  'entityId',
  'externalId',
  'correlationId',
]);

function isProcessId(name: string): boolean {
  return processRank(name) !== undefined;
}

/** Tells each value by which the event may be tied to others, and its name, until told to stop. False if it was. */
export function eachValue(
  { id: eventId, channel, facts }: EventFacts,
  { joins, tokenName }: KeyJudge,
  goOn: (name: string, value: string) => boolean,
): boolean {
  for (const key of facts.keys) {
    if ((joins(channel, key) || isListed(key)) && !goOn(tokenName(channel, key), key.value)) return false;
  }
  for (const id of facts.ids) if (!goOn('id', id)) return false;
  for (const cause of facts.causes) if (!goOn('id', cause.id)) return false;
  return goOn('id', eventId);
}

/** `onVerdict` is told of tokens whose state changed after they had joined others. */
export function createTokens(caps: HubCaps, judge: KeyJudge, onVerdict: (token: Token) => void): Tokens {
  const { joins, tokenName } = judge;
  /** By token key. A node stands for itself as long as it alone names itself so: most message ids are never referred to. */
  const holders = new Map<string, EventNode | Token>();
  /** Tokens of the event at hand; kept for the next one. */
  const gathered: Token[] = [];

  return { missing, knows, byName, complete, add, revise, forget };

  function byName(eventId: string): EventNode | undefined {
    const holder = holders.get(tokenKey('id', eventId));
    if (holder instanceof Token) return holder.carriers.find((node) => node.id === eventId);
    return holder?.id === eventId ? holder : undefined;
  }

  function missing(
    event: EventFacts,
    isStored: (value: string) => boolean,
    found: (value: string, key: string) => void,
  ): void {
    eachValue(event, judge, (name, value) => {
      if (!isStored(value)) return true;
      const key = tokenKey(name, value);
      const holder = holders.get(key);
      if (holder === undefined || (holder instanceof Token && holder.partial)) found(value, key);
      return true;
    });
  }

  function knows(event: EventFacts): boolean {
    return holders.size > 0 && !eachValue(event, judge, (name, value) => !holders.has(tokenKey(name, value)));
  }

  function complete(key: string): void {
    const holder = holders.get(key);
    if (holder instanceof Token) holder.partial = false;
  }

  function add(node: EventNode, facts: Facts, partial: boolean): void {
    readListed(node, facts, partial);
    take(node, partial);
    for (const token of node.listed) {
      // One more than attaches anybody, so that it shows that there are too many.
      if (token.state !== 'hub' && token.listers.length <= attachCap)
        token.listers = appended(token.listers, node);
    }
  }

  /** Values it carries, and its own names. */
  function take(node: EventNode, partial: boolean): void {
    gathered.length = 0;
    readKeys(node, partial);
    for (const cause of node.causes) gather(tokenFor('id', cause.id, ranks.id, partial));
    for (const own of node.ids) declare(node, own);
    declare(node, node.id);
    node.tokens = gathered.slice();
    for (const token of node.tokens) carry(node, token);
  }

  function readKeys(node: EventNode, partial: boolean): void {
    for (const key of node.keys) {
      if (!joins(node.channel, key)) continue;
      const keyRank = rankOfKey(key);
      const token = tokenFor(key.name, key.value, keyRank, partial, tokenName(node.channel, key));
      if (keyRank < ranks.process) {
        const labels = token.labelsAt(keyRank);
        node.labels = node.labels.length === 0 ? labels : [...node.labels, ...labels];
      }
      gather(token);
    }
  }

  function readListed(node: EventNode, facts: Facts, partial: boolean): void {
    let listed: Token[] | undefined;
    for (const key of facts.keys) {
      if (isListed(key)) (listed ??= []).push(tokenFor(key.name, key.value, ranks.listed, partial));
    }
    if (listed) node.listed = listed;
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
      take(node, true);
      for (const token of node.tokens) affected.add(token);
    }
    for (const token of affected) {
      token.partial = true;
      if (token.carriers.length === 0 && token.listers.length === 0) holders.delete(token.key);
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
  function declare(node: EventNode, id: string): void {
    const key = tokenKey('id', id);
    const holder = holders.get(key);
    if (holder === undefined) holders.set(key, node);
    else if (holder instanceof Token) {
      holder.called('id', ranks.id);
      gather(holder);
    } else if (holder !== node) gather(promote(key, id, holder));
  }

  function tokenFor(name: string, value: string, keyRank: number, partial: boolean, keyedBy = name): Token {
    const key = tokenKey(keyedBy, value);
    const holder = holders.get(key);
    if (holder === undefined) {
      const token = new Token(key, value, name, keyRank);
      token.partial = partial;
      holders.set(key, token);
      return token;
    }
    const token = holder instanceof Token ? holder : promote(key, value, holder);
    token.called(name, keyRank);
    return token;
  }

  /** Somebody refers to a node by its id. */
  function promote(key: string, value: string, node: EventNode): Token {
    const token = new Token(key, value, 'id', ranks.id);
    holders.set(key, token);
    node.tokens = node.tokens.concat([token]);
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
    token.labels.takeAll(node.labels);
    if (token.owner && token.belongsTo(node)) token.owner.takeAll(node.labels);
    const isHub = token.soft > caps.other || token.carriers.length > caps.process;
    const state = isHub ? 'hub' : token.judge();
    if (state === token.state) return;
    token.state = state;
    token.pending = true;
    onVerdict(token);
  }

  function forget(nodes: readonly EventNode[], value: (value: string) => void): void {
    for (const node of nodes) node.gone = true;
    for (const node of nodes) {
      for (const token of node.tokens) forgetToken(token, nodes.length, value);
      for (const token of node.listed) forgetToken(token, nodes.length, value);
      for (const id of node.ids) forgetId(id, node, value);
      forgetId(node.id, node, value);
    }
  }

  function forgetId(id: string, node: EventNode, value: (value: string) => void): void {
    const key = tokenKey('id', id);
    if (holders.get(key) !== node) return;
    holders.delete(key);
    value(id);
  }

  function forgetToken(token: Token, nodes: number, value: (value: string) => void): void {
    const { carriers, listers } = token;
    if (token.state === 'hub' || (carriers.length === 0 && listers.length === 0)) return;
    // What joins all its carriers has them all in one component: it goes with that.
    const goes = token.state === 'open' && !token.pending && carriers.length > 0 && carriers.length <= nodes;
    token.carriers = goes ? noNodes : present(carriers);
    token.listers = present(listers);
    value(token.value);
    if (token.carriers.length === 0 && token.listers.length === 0) holders.delete(token.key);
    else token.partial = true;
  }
}

function isLabelOf(node: EventNode, token: Token): boolean {
  for (const label of node.labels) if (label.key === token.key) return true;
  return false;
}

function present(nodes: readonly EventNode[]): readonly EventNode[] {
  const left = nodes.length === 0 ? nodes : nodes.filter((node) => !node.gone);
  return left.length === 0 ? noNodes : left;
}

/** A batch lists what joins elsewhere; parties and places are searchable and tie nobody to anything. */
function isListed(key: CorrelationKey): boolean {
  return key.role === 'member' && keyName(key.name)?.role === 'joins';
}

export function rankOfKey(key: CorrelationKey): number {
  if (key.origin === 'trace-context') return ranks.trace;
  if (key.name === 'key' || key.name === 'subject') return ranks.hint;
  if (key.role === 'found') return ranks.found;
  const process = processRank(key.name);
  if (process !== undefined) return process;
  return contextNames.has(key.name) ? ranks.correlation : ranks.business;
}
