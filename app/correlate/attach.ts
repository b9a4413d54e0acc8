import { attachCap } from './tokens.ts';
import { byTime, noNodes, ranks, type EventNode, type Token } from './nodes.ts';
import type { Cell } from './partition.ts';

/**
 * Who is listed in a trace without being joined to it: batches that name many orders, and events that only carry a value
 * which two orders share. Both are searchable and shown in each, and merge none.
 */

/** The events attached to a trace, earliest first. */
export function attachedTo(cell: Cell): readonly EventNode[] {
  let attached: Set<EventNode> | undefined;
  for (const node of cell) {
    for (const token of node.tokens) {
      if (token.state === 'rejected') {
        if (node.labels.length === 0 || token.carriers.length > attachCap) continue;
        for (const other of token.carriers) {
          if (isLoner(other) ? !belongs(other, token, cell) : !followsInto(other, token, cell)) continue;
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
function belongs(loner: EventNode, token: Token, cell: Cell): boolean {
  return token.rank < ranks.correlation || cell.includes(nearestLabelled(loner, token) as EventNode);
}

/** How near in time events must be that share a wider thing with several flows (a policy), to be of one of these, ms. */
const sameFlow = 60_000;

/**
 * Whether what happened to something that several flows share (looking up a policy for a claim) belongs to a trace: it
 * is of the flow that named it last.
 */
function followsInto(other: EventNode, token: Token, cell: Cell): boolean {
  const { best, nodes } = other.component;
  if (token.rank >= ranks.process || best?.rank !== token.rank || nodes.length > mostShared) return false;
  const nearest = nearestLabelled(other, token, token.rank);
  return nearest !== undefined && Math.abs(nearest.time - other.time) < sameFlow && cell.includes(nearest);
}

function nearestLabelled(loner: EventNode, { carriers }: Token, above = Infinity): EventNode | undefined {
  let nearest: EventNode | undefined;
  for (const other of carriers) {
    if (!other.labels.some(({ rank }) => rank < above) || !hasTrace(other)) continue;
    if (!nearest || isNearer(loner, other, nearest)) nearest = other;
  }
  return nearest;
}

function isNearer(to: EventNode, a: EventNode, b: EventNode): boolean {
  const far = (node: EventNode) => Math.abs(node.time - to.time);
  return far(a) < far(b) || (far(a) === far(b) && byTime(a, b) < 0);
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
    const host = nearestLabelled(node, token);
    if (host) return host;
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
