import { togglePaused } from '../../state/map-focus.ts';
import { putPlaces } from '../../state/map-places.ts';
import type { Places } from '../../state/map-places.ts';
import { useMap } from '../../state/map.ts';
import { navigate } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { useKeys } from '../../widgets/use-keys.ts';
import { nearest, neighbour, ways } from './flow-order.ts';
import type { Arrow } from './flow-order.ts';

interface MapKeys {
  readonly route: Extract<Route, { view: 'map' }>;
  /** The node or edge that is, or that holds, what is selected. */
  readonly selected: string | undefined;
  /** Ids of the nodes along the flow. */
  readonly order: readonly string[];
  readonly places: Places;
  onInspect(): void;
}

/** How far a node is moved by one press, px. */
const nudge = 16;

function moved({ x, y }: { readonly x: number; readonly y: number }, arrow: Arrow): { x: number; y: number } {
  const [dx, dy] = ways[arrow];
  return { x: x + dx * nudge, y: y + dy * nudge };
}

/** The node on which the keyboard stands, whatever is selected. */
function focusedNode(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
}

/** The keyboard's way over the map: along the flow, up and down the stream, to what lies beside. */
export function useMapKeys({ route, selected, order, places, onInspect }: MapKeys): void {
  const { trace, event } = route;
  const select = (id: string | undefined): void =>
    navigate({ view: 'map', trace, select: id }, { replace: true });
  const step = (by: number): void => {
    const at = selected === undefined ? -1 : order.indexOf(selected);
    const first = by > 0 ? 0 : order.length - 1;
    const next = order[at < 0 ? first : Math.min(order.length - 1, Math.max(0, at + by))];
    if (next !== undefined) select(next);
  };
  const stream = (way: 'upstream' | 'downstream'): boolean => {
    const { edges } = useMap.getState();
    const from = focusedNode() ?? selected;
    // From nowhere one comes to where the flow begins.
    if (from === undefined) {
      step(1);
      return true;
    }
    const edge = edges.get(from);
    const next = edge ? (way === 'upstream' ? edge.from : edge.to) : neighbour(from, way, edges.values());
    if (next !== undefined) select(next);
    return next !== undefined;
  };
  const beside = (arrow: Arrow, shift: boolean): boolean => {
    // In a list or a field the arrows are the browser's.
    if (document.activeElement?.closest('.inspector, .map-links, .strip, [role=separator]')) return false;
    const from = focusedNode() ?? selected;
    const place = from === undefined ? undefined : places.get(from);
    if (from === undefined || !place) {
      step(1);
      return true;
    }
    if (shift) {
      putPlaces(new Map([[from, { ...moved(place, arrow), by: 'hand' }]]));
      return true;
    }
    const next = nearest(from, arrow, order, places);
    if (next !== undefined) select(next);
    return true;
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    '[': () => stream('upstream'),
    ']': () => stream('downstream'),
    ArrowLeft: ({ shiftKey }) => beside('ArrowLeft', shiftKey),
    ArrowRight: ({ shiftKey }) => beside('ArrowRight', shiftKey),
    ArrowUp: ({ shiftKey }) => beside('ArrowUp', shiftKey),
    ArrowDown: ({ shiftKey }) => beside('ArrowDown', shiftKey),
    Enter: () => {
      if (selected === undefined) return false;
      onInspect();
      return true;
    },
    ' ': togglePaused,
    Escape: () => {
      if (selected !== undefined || event !== undefined) return select(undefined);
      if (trace !== undefined) return navigate({ view: 'map' }, { replace: true });
      return false;
    },
  });
}
