import { create } from 'zustand';
import type { Problem, TopologyDto } from '../../app/contract/page.ts';
import { boundsOf, isPast } from '../../app/language/time-range.ts';
import type { TimeRange } from '../../app/language/time-range.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';
import { useConnections } from './connections.ts';
import { emptyModel, mapModel, remember } from './map-model.ts';
import type { MapMemory, MapModel, MapTime } from './map-model.ts';
import { sampleTail } from './map-tail.ts';
import { useRoute } from './route.ts';

interface MapState extends MapModel {
  /** An answer has come; before, the map is not empty but unknown. */
  readonly loaded: boolean;
  /** Of which time it is. */
  readonly time: MapTime;
  readonly problem?: Problem;
}

/** Participants, channels and edges by id. A node of the map subscribes to itself only. */
export const useMap = create<MapState>(() => ({ ...emptyModel, loaded: false, time: 'all' }));

let watchers = 0;
let latest: { readonly topology: TopologyDto; readonly range: TimeRange } | undefined;
const memory: MapMemory = { lags: new Map(), looks: new Map(), rates: new Map() };
/** Rates fall by themselves when nothing comes any more, which nobody announces. */
const settle = 2500;
/** Silence is seen by looking at the clock. */
const heartbeat = 5000;

/** Keeps the map fresh until the answer is called. */
export function watchMap(): () => void {
  watchers++;
  refreshMap();
  // A time that ends now begins later.
  const timer = setInterval(() => (useMap.getState().time === 'recent' ? refreshMap() : redraw()), heartbeat);
  const stop = useConnections.subscribe(({ byId }, before) => {
    if (byId !== before.byId) redraw();
  });
  const stopRange = useRoute.subscribe(({ range }, before) => {
    if (range !== before.range) refreshMap();
  });
  return () => {
    watchers--;
    clearInterval(timer);
    stop();
    stopRange();
  };
}

/** Of which time the map is, while a range is looked at. */
function mapTime(range: TimeRange): MapTime {
  return range.kind === 'all' ? 'all' : isPast(range, Date.now()) ? 'past' : 'recent';
}

/** Asks for the topology, and for a sample of what moved, at most once a second and only while the map is shown. */
export function refreshMap(): void {
  // Asking for nothing would make the first look wait for its turn.
  if (watchers > 0) look();
}

const look = coalesce(async () => {
  if (watchers === 0) return;
  try {
    const { range } = useRoute.getState();
    const past = mapTime(range) === 'past';
    const asked = engine().topology(range.kind === 'all' ? undefined : boundsOf(range, Date.now()));
    // What is past does not move.
    const [topology] = await Promise.all([asked, ...(past ? [] : [sampleTail()])]);
    if (range !== useRoute.getState().range) return refreshMap();
    latest = { topology, range };
    if (!past) remember(memory, topology);
    redraw();
    if (!past && topology.channels.some(({ rate }) => rate > 0)) setTimeout(refreshMap, settle);
  } catch (error) {
    const problem = asProblem(error);
    // Asked again when the link is back; until then the page says that it is lost.
    if (problem.code !== 'lost') useMap.setState({ problem });
  }
}, 1000);

/** Draws what was answered last; again when connections or the clock moved on. */
function redraw(): void {
  if (!latest) return;
  const connections = useConnections.getState().byId.values();
  const time = mapTime(latest.range);
  const model = mapModel(latest.topology, connections, useMap.getState(), memory, Date.now(), time);
  useMap.setState({ ...model, time, loaded: true, problem: undefined });
}
