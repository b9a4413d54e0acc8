import { useReactFlow, useStore } from '@xyflow/react';
import { useEffect } from 'react';
import type { KeyboardEvent } from 'react';
import { revealing } from './viewport.ts';
import type { Taken } from './viewport.ts';

/** What both pictures, a trace and the map, ask of React Flow: it shows, and the page owns selection and keys. */
export const shownOnly = {
  nodesConnectable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  deleteKeyCode: null,
  selectionKeyCode: null,
  panOnScroll: true,
  zoomOnDoubleClick: false,
  proOptions: { hideAttribution: true },
} as const;

/** The id of the node on which Enter or space was pressed; the key then does nothing else. */
export function pressedNode(event: KeyboardEvent): string | undefined {
  if (event.key !== 'Enter' && event.key !== ' ') return undefined;
  const node = event.target instanceof HTMLElement && event.target.closest<HTMLElement>('.react-flow__node');
  const id = node ? node.dataset['id'] : undefined;
  if (id !== undefined) event.preventDefault();
  return id;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Brings the selected node into view, and the focus to it if the focus is on the canvas. */
export function useReveal(
  selected: string | undefined,
  box: Box | undefined,
  container: { readonly current: HTMLDivElement | null },
  taken?: Taken,
): void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    if (selected === undefined || !box || width === 0) return;
    const moved = revealing(flow.getViewport(), box, width, height, taken);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (moved) void flow.setViewport(moved, { duration: calm ? 0 : 160 });
    if (container.current?.contains(document.activeElement))
      container.current
        .querySelector<HTMLElement>(`[data-id="${CSS.escape(selected)}"]`)
        ?.focus({ preventScroll: true });
    // A picture that grows, or a node that is dragged, must not pull the view back to the selection.
    // eslint-disable-next-line react/exhaustive-deps
  }, [selected, flow, width, height]);
}
