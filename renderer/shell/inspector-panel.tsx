import { Inspector } from '../features/inspector/inspector.tsx';
import { MapInspector } from '../features/map/map-inspector.tsx';
import { inspectorLimits, prefer, usePreferences } from '../state/preferences.ts';
import { selectedEvent, selectedOnMap, useRoute } from '../state/route.ts';
import { ErrorBoundary } from '../widgets/error-boundary.tsx';
import { Resizer } from '../widgets/resizer.tsx';
import { toggleInspector, useShell } from './shell-state.ts';

/** The region at the right: there in a trace, and where something on the map is selected, unless it was closed. */
export function InspectorPanel() {
  const route = useRoute((state) => state.route);
  const open = useShell((state) => state.inspectorOpen);
  const width = usePreferences((state) => state.inspectorWidth);
  const event = selectedEvent(route);
  const onMap = selectedOnMap(route);
  if (!open || (route.view !== 'trace' && onMap === undefined)) return null;
  return (
    <aside className="inspector" role="region" aria-label="Inspector" style={{ width }}>
      <Resizer
        label="Width of the inspector"
        width={width}
        least={inspectorLimits.least}
        most={inspectorLimits.most}
        onWidth={(inspectorWidth) => prefer({ inspectorWidth })}
      />
      <ErrorBoundary what="What is selected" resetKey={event ?? onMap ?? ''}>
        {onMap === undefined ? (
          <Inspector
            event={event}
            trace={route.view === 'trace' ? route.id : undefined}
            onClose={toggleInspector}
          />
        ) : (
          <MapInspector key={onMap} selected={onMap} onClose={toggleInspector} />
        )}
      </ErrorBoundary>
    </aside>
  );
}
