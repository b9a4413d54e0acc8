import { Inspector } from '../features/inspector/inspector.tsx';
import { inspectorLimits, prefer, usePreferences } from '../state/preferences.ts';
import { selectedEvent, useRoute } from '../state/route.ts';
import { ErrorBoundary } from '../widgets/error-boundary.tsx';
import { Resizer } from '../widgets/resizer.tsx';
import { toggleInspector, useShell } from './shell-state.ts';

/** The region at the right: there in a trace, while an event is selected and it was not closed. */
export function InspectorPanel() {
  const route = useRoute((state) => state.route);
  const open = useShell((state) => state.inspectorOpen);
  const width = usePreferences((state) => state.inspectorWidth);
  const event = selectedEvent(route);
  if (route.view !== 'trace' || !open) return null;
  return (
    <aside className="inspector" role="region" aria-label="Inspector" style={{ width }}>
      <Resizer
        label="Width of the inspector"
        width={width}
        least={inspectorLimits.least}
        most={inspectorLimits.most}
        onWidth={(inspectorWidth) => prefer({ inspectorWidth })}
      />
      <ErrorBoundary what="This event" resetKey={event ?? ''}>
        <Inspector event={event} trace={route.id} onClose={toggleInspector} />
      </ErrorBoundary>
    </aside>
  );
}
