import { MiniMap, useReactFlow, useStore } from '@xyflow/react';
import { IconButton } from '../widgets/button.tsx';
import type { Arrangement } from './arrange.ts';
import { fitted } from './viewport.ts';

/** In a lower window the small map would cover events. */
const roomy = 480;

/** Zoom, fit, and a small map where the trace is larger than the window and there is room for it. */
export function ViewControls({ arranged }: { readonly arranged: Arrangement }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const zoom = useStore((state) => state.transform[2]);
  const larger = arranged.width * zoom > width || arranged.height * zoom > height;
  return (
    <>
      {larger && height >= roomy && (
        <MiniMap pannable zoomable ariaLabel="Map of the trace" className="small-map" nodeBorderRadius={12} />
      )}
      <div className="view-controls">
        <IconButton icon="minus" label="Zoom out" onClick={() => void flow.zoomOut()} />
        <IconButton icon="plus" label="Zoom in" onClick={() => void flow.zoomIn()} />
        <IconButton
          icon="fit"
          label="Show the whole trace"
          onClick={() => void flow.setViewport(fitted(arranged, width, height, 0.1))}
        />
      </div>
    </>
  );
}
