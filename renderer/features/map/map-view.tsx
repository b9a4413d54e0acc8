import { memo, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { startLayoutWorker } from '../../canvas/elk.ts';
import { MapCanvas } from '../../canvas/map-canvas.tsx';
import { useMapPlacement } from '../../canvas/use-map-places.ts';
import { inspectEvent, useEvents } from '../../state/events.ts';
import { findNodes, findOnMap, useMapFocus } from '../../state/map-focus.ts';
import { channelKey, nodeKey } from '../../state/map-model.ts';
import { useMapPlaces } from '../../state/map-places.ts';
import { useMap, watchMap } from '../../state/map.ts';
import { navigate, useRoute } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { openTrace } from '../../state/trace.ts';
import { Note, ProblemNote } from '../../widgets/problem-note.tsx';
import { count } from '../../widgets/format.ts';
import { flowOrder } from './flow-order.ts';
import { MapBar } from './map-bar.tsx';
import { MapLinks } from './map-links.tsx';
import { PastNote } from './past-note.tsx';
import { MapSkeleton } from './map-skeleton.tsx';
import { TraceBanner } from './trace-banner.tsx';
import { TraceOffers } from './trace-offers.tsx';
import { useFoundTraces } from './use-found-traces.ts';
import { useMapKeys } from './use-map-keys.ts';
import { useTraceOnMap } from './use-trace-on-map.ts';
import { useVisible } from './visible.ts';
import '../../widgets/view.css';
import './map.css';

// Whoever has never seen this map is about to lay it out. Else the worker would only be in the way of the first picture.
if (useMapPlaces.getState().places.size === 0) startLayoutWorker();

type MapRoute = Extract<Route, { view: 'map' }>;

interface MapViewProps {
  readonly route: MapRoute;
  /** What can be done where nothing was recorded yet. */
  readonly start: ReactNode;
  /** Opens the inspector and moves the focus there. */
  onInspect(): void;
}

/** Participants and channels of all brokers, and what moves between them now. */
export function MapView({ route, start, onInspect }: MapViewProps) {
  useEffect(watchMap, []);
  useEffect(() => () => findOnMap(''), []);
  const loaded = useMap((state) => state.loaded);
  const problem = useMap((state) => state.problem);
  const empty = useMap((state) => state.nodeIds.length === 0);
  if (!loaded || empty)
    return (
      <section className="map" aria-busy={!loaded}>
        <header className="view-bar">
          <h1>Map</h1>
        </header>
        {problem && <ProblemNote problem={problem} />}
        {loaded ? (
          <div className="blank">
            <h2>Nothing to draw yet</h2>
            <p>
              Participants and channels appear here as soon as a broker is connected or a file is read, and
              what moves between them with them.
            </p>
            {start}
          </div>
        ) : (
          !problem && <MapSkeleton />
        )}
      </section>
    );
  return <MapPicture route={route} onInspect={onInspect} />;
}

function MapPicture({ route, onInspect }: Omit<MapViewProps, 'start'>) {
  const model = useMap();
  const [showIdle, setShowIdle] = useState(false);
  const find = useMapFocus((state) => state.find);
  const hits = useMemo(
    () => new Set(findNodes(model.nodes.values(), find).map(({ id }) => id)),
    [model.nodes, find],
  );
  useEffect(() => useMapFocus.setState({ found: hits.size === 0 ? undefined : hits }), [hits]);
  const traces = useFoundTraces(find);
  // A key that one trace carries, and no node is called after, shows its way at once.
  const [only] = hits.size === 0 && traces?.length === 1 ? traces : [];
  const trace = route.trace ?? only?.id;
  useEffect(() => openTrace(trace), [trace]);
  useEffect(() => () => openTrace(undefined), []);
  const selected = useSelectedNode(route);
  useTraceOnMap(trace);
  const steps = useMapFocus((state) => state.trace);
  const asked = useMemo(
    () => new Set([...(selected === undefined ? [] : [selected]), ...(steps?.nodes.keys() ?? [])]),
    [selected, steps],
  );
  const shown = useVisible(model, showIdle, asked);
  const { nodes, edges } = shown;
  const ids = useMemo(() => nodes.map(({ id }) => id), [nodes]);
  const { places, ready, arrangeAnew } = useMapPlacement(ids, edges);
  useEffect(() => {
    useMapFocus.setState({ arrange: arrangeAnew });
    return () => useMapFocus.setState({ arrange: undefined });
  }, [arrangeAnew]);
  const error = useMapPlaces((state) => state.error);
  const order = useMemo(() => flowOrder(ids, places), [ids, places]);
  const listed = useMemo(() => {
    const at = new Map(order.map((id, index) => [id, index]));
    const of = (id: string): number => at.get(id) ?? Infinity;
    return edges.toSorted((a, b) => of(a.from) - of(b.from) || of(a.to) - of(b.to)).map(({ id }) => id);
  }, [edges, order]);
  useMapKeys({ route, selected, order, places, onInspect });

  return (
    <section className="map">
      <MapBar
        participants={nodes.filter(({ kind }) => kind === 'participant').length}
        channels={nodes.filter(({ kind }) => kind !== 'participant').length}
        found={find === '' ? undefined : foundWords(hits.size, traces?.length)}
        idle={shown.idle}
        showIdle={showIdle}
        onIdle={setShowIdle}
        onArrange={arrangeAnew}
      />
      {trace !== undefined && <TraceBanner route={route} />}
      {trace === undefined && traces !== undefined && traces.length > 0 && (
        <TraceOffers find={find} traces={traces} />
      )}
      <PastNote />
      {model.problem && <ProblemNote problem={model.problem} />}
      {shown.beyond > 0 && (
        <Note>
          {count(shown.beyond)} more are too many to draw: the busiest are shown. Search by name to find
          others.
        </Note>
      )}
      {error && (
        <ProblemNote
          problem={{
            message: `The map could not be laid out: ${error.message}`,
            remedy: 'The list of links below is complete. Press Arrange anew, or reload the page.',
          }}
        />
      )}
      <div className="map-picture" aria-busy={!ready && !error}>
        {ready || places.size > 0 ? (
          <StillCanvas
            nodes={nodes}
            edges={edges}
            places={places}
            selected={selected}
            onSelect={select}
            onInspect={onInspect}
          />
        ) : (
          !error && <MapSkeleton />
        )}
      </div>
      <MapLinks edges={listed} selected={selected} onSelect={select} />
    </section>
  );
}

/** What a search means on the map; nothing is said before it is known. */
function foundWords(names: number, traces: number | undefined): string | undefined {
  if (names > 0) return `${count(names)} found`;
  if (traces === undefined) return undefined;
  return traces === 0 ? 'nothing is called so, and no trace carries it' : undefined;
}

/** The node or edge that is selected; of an event that is, its channel. */
function useSelectedNode(route: MapRoute): string | undefined {
  const { select: chosen, event } = route;
  const channel = useEvents((state) =>
    event === undefined ? undefined : state.byId.get(event)?.head.channel,
  );
  const nodes = useMap((state) => state.nodes);
  useEffect(() => inspectEvent(event), [event]);
  if (chosen !== undefined || channel === undefined) return chosen;
  const wanted = channelKey(channel);
  return [...nodes.values()].find((node) => nodeKey(node) === wanted)?.id;
}

/** Rates and lags change inside it, node by node; it is drawn again only when nodes come or move. */
const StillCanvas = memo(MapCanvas);

/** Selects a node or an edge; the trace that is shown stays. */
function select(id: string | undefined): void {
  const { route } = useRoute.getState();
  if (route.view !== 'map') return;
  navigate({ view: 'map', trace: route.trace, select: id }, { replace: true });
}
