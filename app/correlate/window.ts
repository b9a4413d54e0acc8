import { hashText } from '../base/hash.ts';
import type { Bloom } from './bloom.ts';
import type { Graph } from './graph.ts';
import type { Component } from './nodes.ts';

/** Share of the window that is freed at once, so that looking for the oldest is done seldom. */
const freed = 0.1;

/**
 * Lets go of the components touched longest ago until there is room, and makes the hashes of their values known. What
 * has changes to be published stays, and so does an event that is attached to a trace in memory, since that trace would
 * lose it.
 */
export function dropOldest(graph: Graph, known: Pick<Bloom, 'add'>, room: number): void {
  const target = Math.max(0, Math.floor(room * (1 - freed)));
  const candidates = [...graph.components].filter((component) => !component.dirty);
  candidates.sort((a, b) => a.touched - b.touched);
  for (const component of candidates) {
    if (graph.size <= target) return;
    if (isAttached(component)) continue;
    remember(component, known);
    graph.drop(component);
  }
}

function isAttached(component: Component): boolean {
  const [node] = component.nodes;
  if (!node || component.nodes.length > 1) return false;
  const inUse = node.listed.some((token) => token.state !== 'hub' && token.carriers.length > 0);
  return inUse || node.tokens.some((token) => token.state === 'rejected' && token.carriers.length > 1);
}

function remember(component: Component, known: Pick<Bloom, 'add'>): void {
  for (const node of component.nodes) {
    known.add(hashText(node.id));
    for (const id of node.ids) known.add(hashText(id));
    for (const token of node.tokens) if (token.state !== 'hub') known.add(hashText(token.value));
    for (const token of node.listed) known.add(hashText(token.value));
  }
}
