import { togglePaused } from '../../state/map-focus.ts';
import type { Places } from '../../state/map-places.ts';
import { useMap } from '../../state/map.ts';
import { navigate } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { useKeys } from '../../widgets/use-keys.ts';
import { nearest, neighbour } from './flow-order.ts';
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
    const edge = selected === undefined ? undefined : edges.get(selected);
    const next = edge
      ? way === 'upstream'
        ? edge.from
        : edge.to
      : selected === undefined
        ? undefined
        : neighbour(selected, way, edges.values());
    if (next !== undefined) select(next);
    return next !== undefined;
  };
  const beside = (arrow: Arrow): boolean => {
    // In a list or a field the arrows are the browser's.
    if (document.activeElement?.closest('.inspector, .map-links, [role=separator]')) return false;
    if (selected === undefined || !places.has(selected)) {
      step(1);
      return true;
    }
    const next = nearest(selected, arrow, order, places);
    if (next !== undefined) select(next);
    return true;
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    '[': () => stream('upstream'),
    ']': () => stream('downstream'),
    ArrowLeft: () => beside('ArrowLeft'),
    ArrowRight: () => beside('ArrowRight'),
    ArrowUp: () => beside('ArrowUp'),
    ArrowDown: () => beside('ArrowDown'),
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
