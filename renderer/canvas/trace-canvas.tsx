import { MarkerType, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { delta } from '../widgets/format.ts';
import type { Arrangement } from './arrange.ts';
import { sizes } from './arrange.ts';
import { Backdrop, LaneNames, TimeAxis } from './backdrop.tsx';
import { ChipNodeView } from './chip-node.tsx';
import type { ChipNode } from './chip-node.tsx';
import { pressedNode, shownOnly, useReveal } from './flow-basics.ts';
import type { FlowGraph, FlowNode } from './flow-graph.ts';
import { LinkEdgeView } from './link-edge.tsx';
import type { LinkEdge } from './link-edge.tsx';
import { ViewControls } from './view-controls.tsx';
import { fitted } from './viewport.ts';
import './canvas.css';

interface TraceCanvasProps {
  readonly graph: FlowGraph;
  readonly arranged: Arrangement;
  /** Start of the trace, epoch ms. */
  readonly start: number;
  /** The trace's id. */
  readonly trace: string;
  /** Id of the selected event. */
  readonly selected?: string;
  /** Id of the event that is looked at together with it. */
  readonly paired?: string;
  /** Id of the FlowLink whose evidence is shown. */
  readonly shownLink?: string;
  /** `beside`: it is to be looked at together with the selected one. */
  onSelect(event: string | undefined, beside?: boolean): void;
}

const nodeTypes = { chip: ChipNodeView };
const edgeTypes = { link: LinkEdgeView };

/** A trace as a picture: lanes, chips and links. It shows; what is selected is its owner's business. */
export function TraceCanvas(props: TraceCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, arranged, start, trace, selected, paired, shownLink, onSelect }: TraceCanvasProps) {
  const chosen = useMemo(
    () => graph.nodes.find(({ events }) => events.some(({ id }) => id === selected)),
    [graph, selected],
  );
  const nodes = useMemo(
    () =>
      graph.nodes.map((node) =>
        chipNode(
          node,
          arranged,
          start,
          node === chosen,
          node.events.some(({ id }) => id === paired),
        ),
      ),
    [graph, arranged, start, chosen, paired],
  );
  const [pinned, setPinned] = useState<string>();
  const onClose = useCallback(() => setPinned(undefined), []);
  const edges = useMemo(
    () => linkEdges(graph, arranged, { trace, shown: shownLink, pinned, chosen: chosen?.id, onClose }),
    [graph, arranged, trace, shownLink, pinned, chosen, onClose],
  );
  const container = useRef<HTMLDivElement>(null);
  const markMoved = useFirstView(arranged);
  const place = chosen && arranged.places.get(chosen.id);
  const chip = place && { ...place, width: sizes.chipWidth, height: sizes.chipHeight };
  useReveal(chosen?.id, chip, container);

  const select = (nodeId: string, beside: boolean): void =>
    onSelect(graph.nodes.find(({ id }) => id === nodeId)?.events[0].id, beside);
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && pinned !== undefined) {
      event.preventDefault();
      onClose();
      return;
    }
    const id = pressedNode(event);
    if (id !== undefined) select(id, event.shiftKey);
  };

  return (
    // Keys pressed on a chip arrive here; the chips are the controls.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="trace-canvas"
      ref={container}
      onKeyDown={pressed}
      role="group"
      aria-label="Events by participant and time"
    >
      <ReactFlow<ChipNode, LinkEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...shownOnly}
        nodesDraggable={false}
        minZoom={0.1}
        maxZoom={1.6}
        onNodeClick={({ shiftKey }, { id }) => select(id, shiftKey)}
        onEdgeClick={({ target }, { id }) => {
          // What is pressed in its words arrives here too.
          if (target instanceof Element && target.closest('.link-label')) return;
          setPinned(id === pinned ? undefined : id);
        }}
        onPaneClick={() => (pinned === undefined ? onSelect(undefined) : onClose())}
        onMove={(event) => {
          // Without an event it was this page that moved the view. A mere click moves nothing, and is not told here.
          if (event) markMoved();
        }}
      >
        <Backdrop arranged={arranged} />
        <LaneNames arranged={arranged} />
        <TimeAxis arranged={arranged} start={start} />
        <ViewControls arranged={arranged} />
      </ReactFlow>
    </div>
  );
}

const middle = sizes.chipHeight / 2;
const handles = [
  { type: 'target', position: Position.Left, x: 0, y: middle, width: 1, height: 1 },
  { type: 'source', position: Position.Right, x: sizes.chipWidth, y: middle, width: 1, height: 1 },
] as const;

function chipNode(
  node: FlowNode,
  arranged: Arrangement,
  start: number,
  selected: boolean,
  paired: boolean,
): ChipNode {
  const { id, time } = node;
  return {
    id,
    type: 'chip',
    className: paired ? 'paired' : '',
    position: arranged.places.get(id) ?? { x: 0, y: 0 },
    width: sizes.chipWidth,
    height: sizes.chipHeight,
    // Known before they are measured: else lines would vanish for a frame whenever the trace grows.
    handles: [...handles],
    data: { node, start },
    selected,
    focusable: true,
    ariaRole: 'button',
    domAttributes: {
      'aria-pressed': selected,
      'aria-roledescription': undefined,
      'aria-description': delta(time - start),
    },
  };
}

interface Shown {
  readonly trace: string;
  /** Ids of links. */
  readonly shown?: string;
  readonly pinned?: string;
  /** Id of the chosen node. */
  readonly chosen?: string;
  onClose(): void;
}

function linkEdges(
  graph: FlowGraph,
  arranged: Arrangement,
  { trace, shown, pinned, chosen, onClose }: Shown,
): LinkEdge[] {
  return graph.links.flatMap((link): LinkEdge[] => {
    const points = arranged.routes.get(link.id);
    if (!points) return [];
    const strong = link.id === shown || link.from === chosen || link.to === chosen;
    const plain = link.proven ? 'var(--edge)' : 'var(--edge-inferred)';
    const color = strong ? 'var(--accent)' : link.yours ? 'var(--yours)' : plain;
    return [
      {
        id: link.id,
        source: link.from,
        target: link.to,
        type: 'link',
        className: strong ? 'strong' : '',
        zIndex: strong || link.id === pinned ? 1 : 0,
        markerEnd: { type: MarkerType.ArrowClosed, color, width: 14, height: 14 },
        data: { link, points, shown: link.id === shown, pinned: link.id === pinned, trace, onClose },
      },
    ];
  });
}

/**
 * Fits the trace when it first has a size, and again when the window changes while the reader has not moved the view;
 * growth of the trace does not move what is looked at. Answers with what to call when the reader moved it.
 */
function useFirstView(arranged: Arrangement): () => void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const touched = useRef(false);
  const latest = useRef(arranged);
  useEffect(() => {
    latest.current = arranged;
  }, [arranged]);
  useEffect(() => {
    if (touched.current || width === 0 || height === 0) return;
    void flow.setViewport(fitted(latest.current, width, height, 0.75));
  }, [flow, width, height]);
  return useCallback(() => {
    touched.current = true;
  }, []);
}
