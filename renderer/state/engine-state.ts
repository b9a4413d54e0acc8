import { create } from 'zustand';
import type { EngineState } from '../../app/contract/desktop.ts';
import { desktop } from '../rpc/desktop.ts';
import { engine, startEngine } from '../rpc/engine.ts';
import type { LinkPhase } from '../rpc/link.ts';
import { followChanges } from './changes.ts';
import { coalesce } from './coalesce.ts';
import { loadConnections } from './connections.ts';
import { refreshEvent } from './events.ts';
import { tracesChanged, tracesRestarted } from './trace-list.ts';
import { refreshTrace, traceChanged } from './trace.ts';

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
    const { warnings, version, events } = await engine().info();
    useEngine.setState({ warnings, version, events });
  } catch {
    // The link is down; the phase says so, and all is asked again when it is back.
  }
}, 2000);

function reloadEverything(): void {
  loadInfo();
  loadConnections();
  tracesRestarted();
  refreshTrace();
  refreshEvent();
}

/** Starts following the engine. Returns the way to stop. */
export function followEngine(): () => void {
  const link = startEngine();
  const stop = new AbortController();
  useEngine.setState({ phase: link.phase() });
  const stopPhase = link.onPhase((phase) => {
    useEngine.setState({ phase });
    if (phase === 'open') reloadEverything();
  });
  const stopProcess = desktop?.onEngine((state) => useEngine.setState({ process: state }));
  reloadEverything();
  let first = true;
  void followChanges(
    link.client,
    {
      restarted() {
        if (!first) reloadEverything();
        first = false;
      },
      changed({ connections, traces, traceIds, more }) {
        if (connections) loadConnections();
        if (connections || traces) loadInfo();
        if (traces) {
          tracesChanged();
          if (traceChanged(traceIds, more)) refreshEvent();
        }
      },
      silent: () => link.reset(),
    },
    stop.signal,
  );
  return () => {
    stop.abort();
    stopPhase();
    stopProcess?.();
  };
}
