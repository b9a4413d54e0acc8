import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { assignColumns, waitLength } from './columns.ts';
import type { FlowGraph, FlowNode, Lane } from './flow-graph.ts';
import { planRoutes } from './routes.ts';
import type { Cell, Plan, Plans, Point } from './routes.ts';

/** Sizes of the picture, px at zoom 1; all on the 4-px grid. */
export const sizes = {
  chipWidth: 192,
  chipHeight: 48,
  laneMargin: 16,
  rowGap: 16,
  gutter: 36,
  slot: 8,
} as const;

export interface PlacedLane extends Lane {
  readonly y: number;
  readonly height: number;
}

export interface PlacedColumn {
  readonly x: number;
  /** Epoch ms. */
  readonly start: number;
  /** Time since the column before, ms, and the x from which it is drawn as length. */
  readonly wait: number;
  readonly waitFrom: number;
}

/** A graph with places: everything that is drawn, in px. */
export interface Arrangement {
  readonly places: ReadonlyMap<string, Point>;
  readonly lanes: readonly PlacedLane[];
  readonly columns: readonly PlacedColumn[];
  /** Corner points of each edge, by link id. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

/** elkjs, in a worker or (in tests) beside us. */
export type Elk = (graph: ElkNode) => Promise<ElkNode>;

/**
 * Places a graph: participants are lanes, time runs to the right. elk's layered algorithm gives the columns their
 * distances and orders what is stacked in one lane so that few edges cross. Lanes stand in order of first appearance, so
 * that the flow runs down and to the right; `pinned` lanes keep the order they have on screen. Deterministic.
 */
export async function arrange(
  graph: FlowGraph,
  elk: Elk,
  pinned: readonly string[] = [],
): Promise<Arrangement> {
  const { of, columns } = assignColumns(graph.nodes, graph.links);
  const drawn = await elk(elkGraph(graph, of));
  const drawnNodes = new Map((drawn.children ?? []).map(({ id, x, y }) => [id, { x: x ?? 0, y: y ?? 0 }]));
  const heightOf = (id: string): number => drawnNodes.get(id)?.y ?? 0;
  const lanes = orderLanes(graph, pinned);
  const { cells, rows } = assignRows(graph.nodes, lanes, of, heightOf);
  const plans = planRoutes(graph.links, cells);
  const vertical = placeRows(lanes, rows, plans);

  const elkX = new Map(graph.nodes.map(({ id }) => [of.get(id) ?? 0, drawnNodes.get(id)?.x ?? 0]));
  const placed: PlacedColumn[] = [];
  let x = gutterWidth(plans, -1) - sizes.gutter;
  for (const [index, { start }] of columns.entries()) {
    const wait = index === 0 ? 0 : start - (columns[index - 1]?.start ?? start);
    const waitFrom = x;
    if (index > 0) {
      const byElk = (elkX.get(index) ?? 0) - (elkX.get(index - 1) ?? 0) - sizes.chipWidth;
      x += Math.max(byElk, gutterWidth(plans, index - 1)) + waitLength(wait);
    }
    placed.push({ x, start, wait, waitFrom });
    x += sizes.chipWidth;
  }
  const places = new Map(
    [...cells].map(([id, { column, row }]) => [id, { x: placed[column]?.x ?? 0, y: vertical.rowTop(row) }]),
  );
  const grid: Grid = { columns: placed, ...vertical };
  return {
    places,
    lanes: vertical.lanes,
    columns: placed,
    routes: new Map(plans.plans.map((plan) => [plan.id, corners(plan, grid)])),
    width: x,
    height: vertical.height,
  };
}

function elkGraph(graph: FlowGraph, of: ReadonlyMap<string, number>): ElkNode {
  return {
    id: 'trace',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.randomSeed': '1',
      'elk.partitioning.activate': 'true',
      'elk.separateConnectedComponents': 'false',
      // Heights are ours: elk need not polish them.
      'elk.layered.nodePlacement.strategy': 'SIMPLE',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(sizes.gutter),
      'elk.layered.spacing.edgeNodeBetweenLayers': '12',
      'elk.spacing.nodeNode': String(sizes.rowGap),
    },
    children: graph.nodes.map(({ id }) => ({
      id,
      width: sizes.chipWidth,
      height: sizes.chipHeight,
      layoutOptions: { 'elk.partitioning.partition': String(of.get(id) ?? 0) },
    })),
    edges: graph.links
      // Long edges run in corridors of ours; for elk they would only be work.
      .filter(({ from, to }) => [1, 2].includes((of.get(to) ?? 0) - (of.get(from) ?? 0)))
      .map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  };
}

/** Lanes on screen stay where they are; new ones come below. */
function orderLanes({ lanes }: FlowGraph, pinned: readonly string[]): Lane[] {
  const kept = pinned.flatMap((id) => lanes.find((lane) => lane.id === id) ?? []);
  return [...kept, ...lanes.filter((lane) => !kept.includes(lane))];
}

/** Stacks what shares a lane and a column; gives each chip its row of the whole canvas. */
function assignRows(
  nodes: readonly FlowNode[],
  lanes: readonly Lane[],
  of: ReadonlyMap<string, number>,
  heightOf: (id: string) => number,
): { cells: Map<string, Cell>; rows: readonly number[] } {
  const cells = new Map<string, Cell>();
  const rows: number[] = [];
  let firstRow = 0;
  for (const lane of lanes) {
    const mine = nodes.filter((node) => node.lane === lane.id);
    const stacks = Map.groupBy(mine, ({ id }) => of.get(id) ?? 0);
    let count = 1;
    for (const [column, stack] of stacks) {
      const sorted = stack.toSorted((a, b) => heightOf(a.id) - heightOf(b.id));
      for (const [index, { id }] of sorted.entries()) cells.set(id, { column, row: firstRow + index });
      count = Math.max(count, stack.length);
    }
    rows.push(count);
    firstRow += count;
  }
  return { cells, rows };
}

interface Vertical {
  readonly lanes: readonly PlacedLane[];
  readonly height: number;
  rowTop(row: number): number;
  /** y of a slot of the corridor above a row. */
  corridorY(corridor: number, slot: number): number;
}

/** Gives lanes and rows their y; corridors grow with the edges that run in them. */
function placeRows(lanes: readonly Lane[], rowsOf: readonly number[], plans: Plans): Vertical {
  const tops: number[] = [];
  const placed: PlacedLane[] = [];
  const room = (corridor: number, least: number): number =>
    Math.max(least, 8 + sizes.slot * (plans.corridors.get(corridor) ?? 0));
  const corridors: number[] = [];
  let y = 0;
  for (const [index, lane] of lanes.entries()) {
    const start = y;
    for (let row = 0; row < (rowsOf[index] ?? 1); row++) {
      const gap = room(tops.length, row === 0 ? sizes.laneMargin : sizes.rowGap);
      corridors.push(y);
      y += gap;
      tops.push(y);
      y += sizes.chipHeight;
    }
    const below = index === lanes.length - 1 ? room(tops.length, sizes.laneMargin) : sizes.laneMargin;
    if (index === lanes.length - 1) corridors.push(y);
    y += below;
    placed.push({ ...lane, y: start, height: y - start });
  }
  return {
    lanes: placed,
    height: y,
    rowTop: (row) => tops[row] ?? 0,
    corridorY: (corridor, slot) => (corridors[corridor] ?? y) + 6 + slot * sizes.slot,
  };
}

function gutterWidth(plans: Plans, gutter: number): number {
  return sizes.gutter + sizes.slot * Math.max(0, (plans.gutters.get(gutter) ?? 0) - 2);
}

interface Grid extends Vertical {
  readonly columns: readonly PlacedColumn[];
}

function corners(plan: Plan, grid: Grid): Point[] {
  const { from, to, leave, detour } = plan;
  const columnX = (column: number): number => grid.columns[column]?.x ?? 0;
  const gutterX = (gutter: number, slot: number): number =>
    gutter < 0
      ? columnX(0) - 16 - slot * sizes.slot
      : columnX(gutter) + sizes.chipWidth + 12 + slot * sizes.slot;
  const start = {
    x: columnX(from.column) + sizes.chipWidth,
    y: grid.rowTop(from.row) + sizes.chipHeight / 2,
  };
  const end = { x: columnX(to.column), y: grid.rowTop(to.row) + sizes.chipHeight / 2 };
  if (!leave) return [start, end];
  const leaveX = gutterX(leave.gutter, leave.slot);
  if (!detour) return [start, { x: leaveX, y: start.y }, { x: leaveX, y: end.y }, end];
  const along = grid.corridorY(detour.corridor, detour.slot);
  const arriveX = gutterX(detour.gutter, detour.arriveSlot);
  return [
    start,
    { x: leaveX, y: start.y },
    { x: leaveX, y: along },
    { x: arriveX, y: along },
    { x: arriveX, y: end.y },
    end,
  ];
}
