import type { ClockOffset } from '../../model/clock.ts';
import type { Facts } from '../../model/event.ts';
import type { LinkEdits } from '../../model/link-edit.ts';
import type { EventFacts, Link } from '../../model/trace.ts';
import { attachedTo, hostOf } from '../attach.ts';
import { createGraph } from '../graph.ts';
import type { Known } from '../assembler.ts';
import { linkTrace, statedLinks, type LinkContext } from '../links.ts';
import type { EventNode } from '../nodes.ts';
import { partition, type Cell } from '../partition.ts';
import type { Consumers } from '../subscriptions.ts';
import type { HubCaps } from '../tokens.ts';

/** What an explanation is made from: some events with all that share a value with them, and what is known besides. */
export interface ExplainInput {
  readonly events: readonly EventFacts[];
  readonly known: Known;
  readonly hubCaps?: HubCaps;
}

/** Events put together as the assembler would, by the same functions, to be looked at. */
export interface Picture {
  readonly consumers: Consumers;
  readonly edits: LinkEdits;
  /** Which clocks are proven to differ. */
  clockOffsets(): readonly ClockOffset[];
  node(id: string): EventNode | undefined;
  facts(node: EventNode): Facts;
  /** The events that it is joined with. */
  cell(node: EventNode): Cell;
  /** The traces that show it: where it is joined, unless that is no trace of its own, and where it is listed. */
  traces(node: EventNode): readonly Cell[];
  attached(cell: Cell): readonly EventNode[];
  links(cell: Cell, onInferred?: LinkContext['onInferred']): readonly Link[];
}

export function createPicture({ events, known, hubCaps }: ExplainInput): Picture {
  const { consumers, edits, company } = known;
  const graph = createGraph(known.judge, hubCaps, edits);
  const facts = new Map<string, Facts>();
  for (const event of events) {
    facts.set(event.id, event.facts);
    graph.insert(event);
  }
  graph.settle();
  const cells: Cell[] = [];
  for (const component of graph.components) cells.push(...partition(component, edits, company));
  const cellOf = new Map(cells.flatMap((cell) => cell.map((node) => [node, cell] as const)));
  const attached = new Map<Cell, readonly EventNode[]>();
  const links = new Map<Cell, readonly Link[]>();
  let marks = 0;

  function attachedCached(cell: Cell): readonly EventNode[] {
    const found = attached.get(cell) ?? attachedTo(cell);
    attached.set(cell, found);
    return found;
  }

  return {
    consumers,
    edits,
    clockOffsets: known.flows.clockOffsets,
    node: graph.find,
    facts: (node) => facts.get(node.id)!,
    cell: (node) => cellOf.get(node)!,
    attached: attachedCached,
    traces(node) {
      const own = cellOf.get(node)!;
      const listing = cells.filter((cell) => cell !== own && attachedCached(cell).includes(node));
      return listing.length > 0 && hostOf(own) ? listing : [own, ...listing];
    },
    links(cell, onInferred) {
      const before = onInferred ? undefined : links.get(cell);
      if (before) return before;
      const context = { ...known, nextMark: () => ++marks, onInferred };
      const made = linkTrace(statedLinks(cell, attachedCached(cell), context), context);
      links.set(cell, made);
      return made;
    },
  };
}
