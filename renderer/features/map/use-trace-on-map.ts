import { useEffect } from 'react';
import { useMapFocus } from '../../state/map-focus.ts';
import { useMap } from '../../state/map.ts';
import { useTrace } from '../../state/trace.ts';
import { traceSteps } from './trace-steps.ts';

/** Lights up where a trace went, again when it grows or the map does. */
export function useTraceOnMap(trace: string | undefined): void {
  const detail = useTrace((state) => state.detail);
  useEffect(() => {
    if (trace === undefined || !detail) return undefined;
    const light = (): void => useMapFocus.setState({ trace: traceSteps(detail, useMap.getState()) });
    light();
    const stop = useMap.subscribe(({ nodeIds, edgeIds }, before) => {
      if (nodeIds !== before.nodeIds || edgeIds !== before.edgeIds) light();
    });
    return () => {
      stop();
      useMapFocus.setState({ trace: undefined });
    };
  }, [trace, detail]);
}
