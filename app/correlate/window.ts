import type { Bloom } from './bloom.ts';
import type { Graph } from './graph.ts';
import type { Component } from './nodes.ts';

/** Share of the window that is freed at once, so that looking for the oldest is done seldom. */
const freed = 0.1;

/**
 * Lets go of the components touched longest ago until there is room, and makes the hashes of their values known. What
 * has changes to be published stays. An event that is attached to a trace in memory stays with it, since that trace
 * would lose it, and goes with the last of its traces, since it would seem to have none.
 */
export function dropOldest(graph: Graph, known: Pick<Bloom, 'add'>, room: number): void {
  graph.settle();
  const target = Math.max(0, Math.floor(room * (1 - freed)));
  const candidates = [...graph.components].filter((component) => !component.dirty);
  candidates.sort((a, b) => a.touched - b.touched);
  const left = new Set<Component>();
  const remember = (hash: number) => {
    known.add(hash);
  };
  const drop = (component: Component) => {
    for (const other of attachedHere(component)) left.add(other);
    graph.drop(component, remember);
  };
  for (const component of candidates) {
    if (graph.size <= target) break;
    if (!isAttached(component)) drop(component);
  }
  for (const component of left) {
    const homeless = component.nodes.every((node) => node.guest || node.trace === 0);
    if (homeless && graph.components.has(component) && !component.dirty && !isAttached(component))
      drop(component);
  }
}

function attachedHere({ nodes }: Component): Component[] {
  const attached: Component[] = [];
  for (const { tokens } of nodes) {
    for (const token of tokens) {
      for (const lister of token.listers) attached.push(lister.component);
      if (token.state === 'rejected') for (const carrier of token.carriers) attached.push(carrier.component);
    }
  }
  return attached;
}

function isAttached({ nodes }: Component): boolean {
  for (const node of nodes) {
    for (const token of node.listed) if (token.state !== 'hub' && token.carriers.length > 0) return true;
  }
  const [alone] = nodes;
  if (!alone || nodes.length > 1) return false;
  return alone.tokens.some((token) => token.state === 'rejected' && token.carriers.length > 1);
}
