import { create } from 'zustand';
import type { Problem, TopologyDto } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';
import { useConnections } from './connections.ts';
import { emptyModel, mapModel, remember } from './map-model.ts';
import type { MapMemory, MapModel } from './map-model.ts';
import { sampleTail } from './map-tail.ts';

interface MapState extends MapModel {
  /** An answer has come; before, the map is not empty but unknown. */
  readonly loaded: boolean;
  readonly problem?: Problem;
}

/** Participants, channels and edges by id. A node of the map subscribes to itself only. */
export const useMap = create<MapState>(() => ({ ...emptyModel, loaded: false }));

let watchers = 0;
let latest: TopologyDto | undefined;
const memory: MapMemory = { lags: new Map(), rates: new Map() };
/** Rates fall by themselves when nothing comes any more, which nobody announces. */
const settle = 2500;
/** Silence is seen by looking at the clock. */
const heartbeat = 5000;

/** Keeps the map fresh until the answer is called. */
export function watchMap(): () => void {
  watchers++;
  refreshMap();
  const timer = setInterval(redraw, heartbeat);
  const stop = useConnections.subscribe(({ byId }, before) => {
    if (byId !== before.byId) redraw();
  });
  return () => {
    watchers--;
    clearInterval(timer);
    stop();
  };
}

/** Asks for the topology, and for a sample of what moved, at most once a second and only while the map is shown. */
export const refreshMap = coalesce(async () => {
  if (watchers === 0) return;
  try {
    const [topology] = await Promise.all([engine().topology(), sampleTail()]);
    latest = topology;
    remember(memory, topology);
    redraw();
    if (topology.channels.some(({ rate }) => rate > 0)) setTimeout(refreshMap, settle);
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
  const model = mapModel(latest, connections, useMap.getState(), memory, Date.now());
  useMap.setState({ ...model, loaded: true, problem: undefined });
}
