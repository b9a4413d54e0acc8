import { create } from 'zustand';
import type { Problem, TraceDetailDto } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';
import { navigate, useRoute } from './route.ts';

interface TraceState {
  /** The trace asked for; undefined when none is open. */
  readonly id?: string;
  readonly detail?: TraceDetailDto;
  readonly problem?: Problem;
}

/** The one trace that is open. */
export const useTrace = create<TraceState>(() => ({}));

/** While others change, a merge into one of them is noticed by asking now and then. */
const lazily = 4000;
let askedAt = 0;

/** Opens a trace; what is known of it stays on screen while it is asked anew. */
export function openTrace(id: string | undefined): void {
  if (useTrace.getState().id === id) return;
  useTrace.setState({ id, detail: undefined, problem: undefined });
  refreshTrace();
}

/** Asks for the open trace again. */
export const refreshTrace = coalesce(async () => {
  const { id } = useTrace.getState();
  if (id === undefined) return;
  askedAt = Date.now();
  try {
    const detail = await engine().traces.get({ id });
    if (useTrace.getState().id !== id) return refreshTrace();
    useTrace.setState({ id: detail.trace.id, detail, problem: undefined });
    if (detail.trace.id !== id) followMerge(id, detail.trace.id);
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code !== 'lost' && useTrace.getState().id === id) useTrace.setState({ problem });
  }
}, 200);

/** The trace became part of another: the address follows, the way back does not show the old one. */
function followMerge(from: string, to: string): void {
  const { route } = useRoute.getState();
  if (route.view === 'trace' && route.id === from) navigate({ ...route, id: to }, { replace: true });
  if (route.view === 'map' && route.trace === from) navigate({ ...route, trace: to }, { replace: true });
}

/** Some traces changed; true if the open one may be among them, and is asked again. */
export function traceChanged(ids: readonly string[], more: boolean): boolean {
  const { id } = useTrace.getState();
  if (id === undefined) return false;
  const concerned = more || ids.includes(id) || Date.now() - askedAt > lazily;
  if (concerned) refreshTrace();
  return concerned;
}
