import { Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import type { NodeChange, Viewport } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { togglePaused } from '../state/map-focus.ts';
import type { MapEdge, MapNode } from '../state/map-model.ts';
import { useMap } from '../state/map.ts';
import { putPlaces, useMapPlaces } from '../state/map-places.ts';
import type { Places } from '../state/map-places.ts';
import { pressedNode, shownOnly, useReveal } from './flow-basics.ts';
import { MapControls } from './map-controls.tsx';
import type { Box } from './map-controls.tsx';
import { MapDots } from './map-dots.tsx';
import { MapEdgeView } from './map-edge.tsx';
import type { MapFlowEdge } from './map-edge.tsx';
import { nodeSize } from './map-layout.ts';
import { curvePath, pointAt } from './map-path.ts';
import type { Curve } from './map-path.ts';
import { MapNodeView } from './map-node.tsx';
import type { MapFlowNode } from './map-node.tsx';
import { routeEdges } from './map-routes.ts';
import { nodeName } from './map-words.ts';
import type { Point } from './routes.ts';
import { framed } from './viewport.ts';
import './canvas.css';
import './map.css';

interface MapCanvasProps {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly places: Places;
  /** Id of a node or an edge. */
  readonly selected?: string;
  onSelect(id: string | undefined): void;
  /** The keyboard wants to look closer at what is selected. */
  onInspect(): void;
}

const nodeTypes = { map: MapNodeView };
const edgeTypes = { map: MapEdgeView };
/** Below this zoom only names can be read, above it labels of edges too. */
const far = 0.5;
const near = 1.15;

/** Participants and channels with what moves between them. It shows; what is selected is its owner's business. */
export function MapCanvas(props: MapCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ nodes, edges, places, selected, onSelect, onInspect }: MapCanvasProps) {
  const [dragged, setDragged] = useState<{ readonly id: string } & Point>();
  const mounted = useMounted(nodes);
  const flowNodes = useFlowNodes(mounted, places, selected, dragged);
  const routes = useMemo(
    () =>
      routeEdges(
        edges,
        nodes,
        dragged ? new Map([...places, [dragged.id, { ...dragged, by: 'hand' }]]) : places,
      ),
    [edges, nodes, places, dragged],
  );
  const flowEdges = useFlowEdges(
    edges,
    routes,
    mounted.length === nodes.length ? undefined : mounted,
    selected,
  );
  const box = useMemo(() => bounds(nodes, edges, places, routes), [nodes, edges, places, routes]);
  const container = useRef<HTMLDivElement>(null);
  const { fit, markMoved } = useFirstView(box, nodes, places);
  const place = selected === undefined ? undefined : places.get(selected);
  useReveal(selected, place && { ...place, ...nodeSize }, container, noInset);
  const live = useMap((state) => state.time !== 'past');
  const zoom = useStore(({ transform: [, , scale] }) => (scale < far ? 'far' : scale > near ? 'near' : ''));

  const change = useCallback((changes: NodeChange<MapFlowNode>[]) => {
    for (const each of changes) {
      if (each.type !== 'position' || !each.position) continue;
      const { id, position } = each;
      if (each.dragging) setDragged({ id, ...position });
      else {
        setDragged(undefined);
        putPlaces(new Map([[id, { ...position, by: 'hand' }]]));
      }
    }
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    const id = pressedNode(event);
    if (id === undefined) return;
    if (id !== selected) onSelect(id);
    else if (event.key === 'Enter') onInspect();
    else togglePaused();
  };

  return (
    // Keys pressed on a node arrive here; the nodes are the controls.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={`map-canvas ${zoom} ${nodes.length > appearing ? 'many' : ''}`}
      ref={container}
      onKeyDown={pressed}
      role="group"
      aria-label="Participants and channels"
    >
      <Arrowhead />
      <ReactFlow<MapFlowNode, MapFlowEdge>
        nodes={flowNodes}
        edges={flowEdges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={change}
        {...shownOnly}
        nodeDragThreshold={4}
        minZoom={0.08}
        maxZoom={1.8}
        onNodeDragStart={markMoved}
        onNodeClick={(_, { id }) => onSelect(id)}
        onEdgeClick={(_, { id }) => onSelect(id)}
        onPaneClick={() => onSelect(undefined)}
        onMoveStart={(event) => {
          // Without an event it was this page that moved the view.
          if (event) markMoved();
        }}
      >
        {live && <MapDots />}
        <MapControls box={box} onFit={fit} />
      </ReactFlow>
    </div>
  );
}

const middle = nodeSize.height / 2;
const handles = [
  { type: 'target', position: Position.Left, x: 0, y: middle, width: 0, height: 0 },
  { type: 'source', position: Position.Right, x: nodeSize.width, y: middle, width: 0, height: 0 },
] as const;

/** Beyond this many nodes none is seen to appear, and no line to widen: each would be a layer of its own. */
const appearing = 60;
/** Nodes that are mounted in one frame: more at once would hold the page up. */
const perFrame = 48;

/** The first nodes, and more with each frame until all are there. */
function useMounted(nodes: readonly MapNode[]): readonly MapNode[] {
  const [count, setCount] = useState(perFrame);
  const more = count < nodes.length;
  useEffect(() => {
    if (!more) return undefined;
    const next = requestAnimationFrame(() => setCount(count + perFrame));
    return () => cancelAnimationFrame(next);
  }, [more, count]);
  return useMemo(() => (more ? nodes.slice(0, count) : nodes), [nodes, more, count]);
}

/** React Flow draws again what is another object: a node stays the same one while its place and selection do. */
function useFlowNodes(
  nodes: readonly MapNode[],
  places: Places,
  selected: string | undefined,
  dragged: ({ readonly id: string } & Point) | undefined,
): MapFlowNode[] {
  const [made] = useState(() => new Map<string, { flow: MapFlowNode; place: Point; name: string }>());
  return useMemo(
    () =>
      nodes.flatMap((node) => {
        const { id } = node;
        const place = dragged?.id === id ? dragged : places.get(id);
        if (!place) return [];
        const name = nodeName(node);
        const known = made.get(id);
        if (known?.place === place && known.name === name && known.flow.selected === (selected === id))
          return [known.flow];
        const flow = flowNode(id, name, place, selected === id);
        made.set(id, { flow, place, name });
        return [flow];
      }),
    [nodes, places, selected, dragged, made],
  );
}

function flowNode(id: string, name: string, { x, y }: Point, selected: boolean): MapFlowNode {
  return {
    id,
    type: 'map',
    position: { x, y },
    ...nodeSize,
    // Known before they are measured, so that lines are there with the first picture.
    handles: [...handles],
    data: {},
    selected,
    focusable: true,
    ariaRole: 'button',
    domAttributes: { 'aria-pressed': selected, 'aria-roledescription': undefined },
  };
}

/** `among`: the nodes that are mounted, while not all are. */
function useFlowEdges(
  edges: readonly MapEdge[],
  routes: ReadonlyMap<string, Curve>,
  among: readonly MapNode[] | undefined,
  selected: string | undefined,
): MapFlowEdge[] {
  const [made] = useState(() => new Map<string, MapFlowEdge>());
  return useMemo(() => {
    const ids = among && new Set(among.map(({ id }) => id));
    return edges.flatMap(({ id, from, to }) => {
      if (ids && !(ids.has(from) && ids.has(to))) return [];
      const known = made.get(id);
      const curve = routes.get(id);
      if (!curve) return [];
      const same = known?.data !== undefined && curvePath(known.data.curve) === curvePath(curve);
      if (same && known.selected === (selected === id)) return [known];
      const flow: MapFlowEdge = {
        ...{ id, source: from, target: to, type: 'map', selected: selected === id },
        data: same ? known.data : { curve },
      };
      made.set(id, flow);
      return [flow];
    });
  }, [edges, routes, among, selected, made]);
}

/** What the nodes take, and the edges that lead round them. */
function bounds(
  nodes: readonly MapNode[],
  edges: readonly MapEdge[],
  places: Places,
  routes: ReadonlyMap<string, Curve>,
): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const include = ({ x, y }: Point): void => {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  };
  for (const { id } of nodes) {
    const place = places.get(id);
    if (!place) continue;
    include(place);
    include({ x: place.x + nodeSize.width, y: place.y + nodeSize.height });
  }
  for (const { from, to, id } of edges) {
    const curve = routes.get(id);
    const [start, end] = [places.get(from), places.get(to)];
    // What leads ahead lies between nodes, but for a way round them.
    if (!curve || !start || !end || (end.x > start.x && curve.length === 4)) continue;
    for (const part of [0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9]) include(pointAt(curve, part));
  }
  return left > right
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Shows the whole map at first, again when it was arranged anew, and while it grows or the window changes as long as the
 * reader has not moved the view. Answers with what shows it again, and with what to call when the reader moved it.
 */
function useFirstView(box: Box, nodes: readonly MapNode[], places: Places) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const arranged = useMapPlaces((state) => state.arranged);
  /** The arrangement in which the reader moved the view. */
  const moved = useRef(-1);
  const fit = useCallback(() => {
    if (width === 0 || height === 0 || box.width === 0) return;
    const whole = framed(box, width, height, 0.08);
    const covered = nodes.some(({ id }) => isCovered(places.get(id), whole, width, height));
    void flow.setViewport(covered ? framed(box, width, height - controls.height, 0.08) : whole);
  }, [flow, width, height, box, nodes, places]);
  useEffect(() => {
    if (moved.current !== arranged) fit();
  }, [fit, arranged]);
  const markMoved = useCallback(() => {
    moved.current = arranged;
  }, [arranged]);
  return { fit, markMoved };
}

/** What the buttons take of the lower right corner, px. */
const controls = { width: 152, height: 48 } as const;

function isCovered(
  place: Point | undefined,
  { x, y, zoom }: Viewport,
  width: number,
  height: number,
): boolean {
  return (
    place !== undefined &&
    x + (place.x + nodeSize.width) * zoom > width - controls.width &&
    y + (place.y + nodeSize.height) * zoom > height - controls.height
  );
}

const noInset = { left: 0, top: 0 };

/** One arrowhead for all edges: it takes the colour of its line. */
function Arrowhead() {
  return (
    <svg className="map-defs" aria-hidden="true">
      <marker
        id="map-arrow"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="9"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0 0 10 5 0 10z" />
      </marker>
    </svg>
  );
}
