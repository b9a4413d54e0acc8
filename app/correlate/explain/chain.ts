import type { ChainStep } from '../../model/explanation.ts';
import type { EventNode, Token } from '../nodes.ts';
import type { Picture } from './picture.ts';
import { placeOf } from './shared-values.ts';
import { eventRef } from './words.ts';

type Tie = Token | 'user';

/**
 * The shortest way from an event to one that is wanted, over values that join them and links of the user's. Undefined
 * where there is none within its trace.
 */
export function chainTo(
  picture: Picture,
  from: EventNode,
  isWanted: (node: EventNode) => boolean,
): readonly ChainStep[] | undefined {
  const cell = new Set(picture.cell(from));
  const reached = new Map<EventNode, { readonly before: EventNode; readonly tie: Tie } | undefined>([
    [from, undefined],
  ]);
  for (const node of reached.keys()) {
    if (isWanted(node)) return steps(picture, reached, node);
    for (const [next, tie] of neighbours(picture, node)) {
      if (cell.has(next) && !reached.has(next)) reached.set(next, { before: node, tie });
    }
  }
  return undefined;
}

function* neighbours(picture: Picture, node: EventNode): Iterable<readonly [EventNode, Tie]> {
  const tokens = node.tokens.filter((token) => token.joins(node)).sort((a, b) => a.rank - b.rank);
  for (const token of tokens) {
    for (const carrier of token.carriers) {
      if (carrier !== node && token.joins(carrier)) yield [carrier, token];
    }
  }
  for (const id of picture.edits.tiedTo(node.id)) {
    const other = picture.node(id);
    if (other) yield [other, 'user'];
  }
}

function steps(
  picture: Picture,
  reached: ReadonlyMap<EventNode, { readonly before: EventNode; readonly tie: Tie } | undefined>,
  end: EventNode,
): ChainStep[] {
  const chain: ChainStep[] = [];
  for (let at: EventNode | undefined = end; at;) {
    const way = reached.get(at);
    const event = eventRef(at);
    if (!way) chain.unshift({ event });
    else if (way.tie === 'user') chain.unshift({ event, by: { kind: 'user' } });
    else {
      const { name, value } = way.tie;
      const [from, to] = [placeOf(picture, way.before, way.tie), placeOf(picture, at, way.tie)];
      chain.unshift({ event, by: { kind: 'value', name, value, from, to } });
    }
    at = way?.before;
  }
  return chain;
}
