import { attachCap } from './tokens.ts';
import { byTime, noNodes, ranks, type Component, type EventNode, type Token } from './nodes.ts';
import { apart } from './nearness.ts';
import type { Cell } from './partition.ts';

/**
 * Who is listed in a trace without being joined to it: batches that name many orders, and events that only carry a value
 * which two orders share. Both are searchable and shown in each, and merge none.
 */

/** With which event's trace a thing is listed that several share by a value; worked out once for all of them. */
export type Hosts = Map<Token, ReadonlyMap<Component, EventNode>>;

/** The events attached to a trace. `hosts` holds for as long as the graph is the same. */
export function attachedTo(cell: Cell, hosts: Hosts = new Map()): readonly EventNode[] {
  let attached: Set<EventNode> | undefined;
  for (const node of cell) {
    for (const token of node.tokens) {
      if (token.state === 'rejected') {
        if (node.labels.length === 0 || token.carriers.length > attachCap) continue;
        for (const other of token.carriers) {
          const isHere = isLoner(other)
            ? belongs(other, token, cell, hosts)
            : followsInto(other, token, cell, hosts);
          if (!isHere) continue;
          attached ??= new Set();
          for (const one of other.component.nodes) attached.add(one);
        }
      } else if (token.listers.length > 0 && token.joins(node) && attaches(token)) {
        attached ??= new Set();
        for (const lister of token.listers) for (const one of followedBy(lister)) attached.add(one);
      }
    }
  }
  if (!attached) return noNodes;
  for (const node of cell) attached.delete(node);
  return [...attached];
}

/**
 * Whether an event is listed with a trace that it shares a value with which others share too. A payment that two orders
 * share is listed with both; a context that a job passed on to all that it did says only that it was done then.
 */
function belongs(loner: EventNode, token: Token, cell: Cell, hosts: Hosts): boolean {
  return token.rank < ranks.correlation || isHostedBy(cell, loner, token, hosts);
}

/**
 * Whether what happened to something that several flows share (looking up a policy for a claim) belongs to a trace: it
 * is of the flow in which something else happened at the same time.
 */
function followsInto(other: EventNode, token: Token, cell: Cell, hosts: Hosts): boolean {
  return isOfShared(other, token) && isHostedBy(cell, other, token, hosts);
}

function isOfShared({ component: { best, nodes } }: EventNode, { rank }: Token): boolean {
  return rank < ranks.process && best?.rank === rank && nodes.length <= mostShared;
}

function isHostedBy(cell: Cell, node: EventNode, token: Token, hosts: Hosts): boolean {
  let ofToken = hosts.get(token);
  if (!ofToken) hosts.set(token, (ofToken = hostsOf(token)));
  const host = ofToken.get(node.component);
  return host !== undefined && cell.includes(host);
}

/** How near in time events must be that share a wider thing with several flows (a policy), to be of one of these, ms. */
const sameFlow = 60_000;
/** How much further away than the nearest what else is of the same flow may be: so many times, and so many ms. */
const further = 10;
const slack = 20;

/** For what shares a value with several flows, alone or joined to others: the event of a flow with which it is listed. */
function hostsOf(token: Token): ReadonlyMap<Component, EventNode> {
  const hosts = new Map<Component, EventNode>();
  const found: { readonly component: Component; readonly near: Near; readonly flow: string }[] = [];
  const leastOf = new Map<string, number>();
  const seen = new Set<Component>();
  for (const carrier of token.carriers) {
    const { component } = carrier;
    if (seen.has(component)) continue;
    seen.add(component);
    if (isLoner(carrier)) {
      const near = nearestLabelled(component, token);
      if (near) hosts.set(component, near.node);
    } else if (isOfShared(carrier, token)) {
      const near = nearestLabelled(component, token, token.rank);
      if (!near || near.far >= sameFlow) continue;
      const flow = near.node.labels.map(({ key }) => key).join();
      found.push({ component, near, flow });
      leastOf.set(flow, Math.min(near.far, leastOf.get(flow) ?? Infinity));
    }
  }
  // A flow whose own look-up is known is not that of another that nothing else is known of.
  for (const { component, near, flow } of found) {
    const least = leastOf.get(flow) ?? 0;
    if (near.far <= least * further + slack) hosts.set(component, near.node);
  }
  return hosts;
}

interface Near {
  readonly node: EventNode;
  readonly far: number;
}

/** Of the labelled events that carry the value the one whose flow is nearest in time; the earliest of several. */
function nearestLabelled(shared: Component, { carriers }: Token, above = Infinity): Near | undefined {
  let nearest: Near | undefined;
  for (const node of carriers) {
    if (!node.labels.some(({ rank }) => rank < above) || !hasTrace(node)) continue;
    const far = apart(shared.nodes, flowOf(node));
    if (!nearest || far < nearest.far || (far === nearest.far && byTime(node, nearest.node) < 0))
      nearest = { node, far };
  }
  return nearest;
}

/** Of longer flows only the event itself is looked at. */
const longFlow = 100;

/** What is about the same as an event, as far as it is joined to it. */
function flowOf(node: EventNode): readonly EventNode[] {
  const { nodes, best, conflict } = node.component;
  if (nodes.length > longFlow) return [node];
  if (!conflict) return nodes;
  const own = node.labels.find(({ rank }) => rank === best?.rank)?.key;
  return nodes.filter((other) => other.labels.every(({ rank, key }) => rank !== best?.rank || key === own));
}

/** More events, or orders that they name, are a batch rather than something that a few orders share. */
const mostShared = 24;
const mostSharers = 6;

/** What is listed with an event that names some orders: with a shipment of three of them all that became of it. */
function followedBy(lister: EventNode): readonly EventNode[] {
  const { nodes, best } = lister.component;
  const isShared = best === undefined && nodes.length <= mostShared && lister.listed.length <= mostSharers;
  return isShared ? nodes : [lister];
}

/**
 * An event of another trace in which this one is listed, if it has no trace of its own: it is alone, carries no
 * business key that could join it later, and is attached somewhere.
 */
export function hostOf(cell: Cell): EventNode | undefined {
  const [node] = cell;
  if (!node || node.component.nodes.length > 1 || node.tokens.some(couldJoin)) return undefined;
  for (const token of node.listed) {
    if (!attaches(token)) continue;
    const host = token.carriers.find((carrier) => token.joins(carrier));
    if (host) return host;
  }
  if (!isLoner(node)) return undefined;
  for (const token of node.tokens) {
    if (token.state !== 'rejected' || token.carriers.length > attachCap) continue;
    const host = nearestLabelled(node.component, token);
    if (host) return host.node;
  }
  return undefined;
}

function isLoner(node: EventNode): boolean {
  return node.labels.length === 0 && node.component.nodes.length === 1;
}

/** Whether those who list the value are attached to those who carry it: only what is about a thing has that thing's batches. */
function attaches(token: Token): boolean {
  return token.listers.length <= attachCap && couldJoin(token);
}

/** Surely has a trace of its own; in doubt an event gets one. */
function hasTrace(node: EventNode): boolean {
  return node.component.nodes.length > 1 || node.tokens.some(couldJoin);
}

function couldJoin(token: Token): boolean {
  const isBusiness =
    token.rank < ranks.process || token.rank === ranks.business || token.rank === ranks.found;
  return isBusiness && token.state !== 'rejected' && token.state !== 'hub';
}
