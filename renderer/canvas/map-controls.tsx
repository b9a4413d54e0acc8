import { MiniMap, useReactFlow, useStore } from '@xyflow/react';
import { IconButton } from '../widgets/button.tsx';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Zoom, fit, and a small map where the whole is larger than the window. */
export function MapControls({ box, onFit }: { readonly box: Box; onFit(): void }) {
  const flow = useReactFlow();
  const larger = useStore(
    ({ width, height, transform: [, , zoom] }) => box.width * zoom > width || box.height * zoom > height,
  );
  return (
    <>
      {larger && (
        <MiniMap pannable zoomable ariaLabel="Small map" className="small-map" nodeBorderRadius={12} />
      )}
      <div className="view-controls">
        <IconButton icon="minus" label="Zoom out" onClick={() => void flow.zoomOut()} />
        <IconButton icon="plus" label="Zoom in" onClick={() => void flow.zoomIn()} />
        <IconButton icon="fit" label="Show the whole map" onClick={onFit} />
      </div>
    </>
  );
}
