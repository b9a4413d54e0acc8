import { Inspector } from '../features/inspector/inspector.tsx';
import { MapInspector } from '../features/map/map-inspector.tsx';
import { resize, sizes, usePreferences } from '../state/preferences.ts';
import { selectedEvent, selectedOnMap, useRoute } from '../state/route.ts';
import { ErrorBoundary } from '../widgets/error-boundary.tsx';
import { Resizer } from '../widgets/resizer.tsx';
import { toggleInspector, useShell } from './shell-state.ts';

/** The region at the right: there in a trace and wherever something is selected, unless it was closed. */
export function InspectorPanel() {
  const route = useRoute((state) => state.route);
  const open = useShell((state) => state.inspectorOpen);
  const width = usePreferences((state) => state.inspectorWidth);
  const event = selectedEvent(route);
  const onMap = selectedOnMap(route);
  const selected = event ?? onMap;
  if (!open || route.view === 'connections') return null;
  if (route.view !== 'trace' && selected === undefined) return null;
  // An old address may name both: each view has what is its own.
  const ofMap = onMap !== undefined && (event === undefined || route.view === 'map');
  return (
    <aside className="inspector" role="region" aria-label="Inspector" style={{ width }}>
      <Resizer
        label="Width of the inspector"
        edge="left"
        size={width}
        {...sizes.inspectorWidth}
        onSize={(size) => resize('inspectorWidth', size)}
      />
      <ErrorBoundary what="What is selected" resetKey={selected ?? ''}>
        {ofMap ? (
          <MapInspector key={onMap} selected={onMap} onClose={toggleInspector} />
        ) : (
          <Inspector
            event={event}
            trace={route.view === 'trace' ? route.id : undefined}
            onClose={toggleInspector}
          />
        )}
      </ErrorBoundary>
    </aside>
  );
}
