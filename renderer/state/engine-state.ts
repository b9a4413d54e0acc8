import { create } from 'zustand';
import type { EngineState } from '../../app/contract/desktop.ts';
import { desktop } from '../rpc/desktop.ts';
import { engine, startEngine } from '../rpc/engine.ts';
import type { LinkPhase } from '../rpc/link.ts';
import { followChanges } from './changes.ts';
import { coalesce } from './coalesce.ts';
import { loadConnections } from './connections.ts';
import { keysChanged } from './keys.ts';
import {
  eventsReconnected,
  eventsRecorded,
  eventsRestarted,
  eventTimesMoved,
  eventTracesChanged,
} from './event-list.ts';
import { refreshEvent } from './events.ts';
import { histogramTimesMoved, recordedBetween } from './histogram.ts';
import { refreshMap } from './map.ts';
import { tracesChanged, tracesRestarted, traceTimesMoved } from './trace-list.ts';
import { refreshTrace, traceChanged, useTrace } from './trace.ts';

interface EngineFacts {
  readonly phase: LinkPhase;
  /** How the shell finds the engine, on the desktop. */
  readonly process?: EngineState;
  /** What the engine wants the user to know: restarts of workers, logs set aside. */
  readonly warnings: readonly string[];
  readonly version?: string;
  /** Events recorded; undefined until the engine said so. */
  readonly events?: number;
}

/** The link to the engine, and what it says of itself. */
export const useEngine = create<EngineFacts>(() => ({ phase: 'connecting', warnings: [] }));

const loadInfo = coalesce(async () => {
  try {
    const { warnings, version, events, first, last } = await engine().info();
    useEngine.setState({ warnings, version, events });
    recordedBetween(first, last);
  } catch {
    // The link is down; the phase says so, and all is asked again when it is back.
  }
}, 2000);

/** How often a range that ends now is moved along, ms. */
const moves = 5000;

function reloadEverything(): void {
  loadInfo();
  loadConnections();
  tracesRestarted();
  refreshTrace();
  refreshEvent();
  refreshMap();
  keysChanged();
}

/** Starts following the engine. Returns the way to stop. */
export function followEngine(): () => void {
  const link = startEngine();
  const stop = new AbortController();
  useEngine.setState({ phase: link.phase() });
  const stopPhase = link.onPhase((phase) => {
    useEngine.setState({ phase });
    if (phase !== 'open') return;
    reloadEverything();
    eventsReconnected();
  });
  const stopProcess = desktop?.onEngine((state) => useEngine.setState({ process: state }));
  reloadEverything();
  let first = true;
  void followChanges(
    link.client,
    {
      restarted() {
        if (!first) {
          reloadEverything();
          eventsRestarted();
        }
        first = false;
      },
      changed({ connections, events, traces, traceIds, more }) {
        if (connections) loadConnections();
        if (connections || events || traces) loadInfo();
        if (events) eventsRecorded();
        if (connections || events) refreshMap();
        if (traces) {
          tracesChanged();
          keysChanged();
          eventTracesChanged();
          if (traceChanged(traceIds, more)) refreshEvent();
        }
      },
      silent: () => link.reset(),
    },
    stop.signal,
  );
  const clock = setInterval(() => {
    traceTimesMoved();
    if (useTrace.getState().detail?.trace.status === 'active') refreshTrace();
    eventTimesMoved();
    histogramTimesMoved();
  }, moves);
  return () => {
    stop.abort();
    clearInterval(clock);
    stopPhase();
    stopProcess?.();
  };
}
