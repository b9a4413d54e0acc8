import { attachCap } from './tokens.ts';
import { ranks, type EventNode, type Token } from './nodes.ts';
import type { Cell } from './partition.ts';

/**
 * Who is listed in a trace without being joined to it: batches that name many orders, and events that only carry a value
 * which two orders share. Both are searchable and shown in each, and merge none.
 */

/** The events attached to a trace, earliest first. */
export function attachedTo(cell: Cell): EventNode[] {
  let attached: Set<EventNode> | undefined;
  for (const node of cell) {
    for (const token of node.tokens) {
      if (token.state === 'rejected') {
        if (node.labels.length === 0 || token.carriers.length > attachCap) continue;
        for (const other of token.carriers) if (isLoner(other)) (attached ??= new Set()).add(other);
      } else if (token.listers.length > 0 && token.joins(node) && attaches(token)) {
        for (const lister of token.listers) (attached ??= new Set()).add(lister);
      }
    }
  }
  if (!attached) return [];
  for (const node of cell) attached.delete(node);
  return [...attached];
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
    const host = token.carriers.find((carrier) => carrier.labels.length > 0 && hasTrace(carrier));
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
