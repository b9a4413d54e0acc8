import { CSPProvider } from '@base-ui/react/csp-provider';
import { lazy, Suspense, useEffect } from 'react';
import { SaveCapture } from '../features/capture/save-capture.tsx';
import { ConnectionsView } from '../features/connections/connections-view.tsx';
import { LookBack } from '../features/look-back/look-back.tsx';
import { TracesView } from '../features/traces/traces-view.tsx';
import { StartButtons, Welcome } from '../features/welcome/welcome.tsx';
import { useConnections } from '../state/connections.ts';
import { useEngine } from '../state/engine-state.ts';
import { RouteLink } from '../state/route-link.tsx';
import { navigate, printRoute, useRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';
import { ErrorBoundary } from '../widgets/error-boundary.tsx';
import { useKeys } from '../widgets/use-keys.ts';
import { focusSearch, followMenu } from './follow-menu.ts';
import { FileDrop } from './file-drop.tsx';
import { InspectorPanel } from './inspector-panel.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { Notices } from './notices.tsx';
import { Rail } from './rail.tsx';
import { closeSaveCapture, toggleInspector, useShell } from './shell-state.ts';
import { TopBar } from './top-bar.tsx';
import { UploadNote } from './upload-note.tsx';
import './shell.css';

/** The canvas is loaded when the page has nothing better to do, so that the first trace opens without waiting for it. */
const loadTraceView = () =>
  import('../features/trace/trace-view.tsx').then((module) => ({ default: module.TraceView }));
const TraceView = lazy(loadTraceView);

/** The frame: views at the left, search above, the view, the inspector at the right. It is the one place that knows all features. */
export function App() {
  const route = useRoute((state) => state.route);
  const savingCapture = useShell((state) => state.savingCapture);
  useTitle(route);
  useEffect(() => {
    const timer = setTimeout(() => void loadTraceView(), 1500);
    return () => clearTimeout(timer);
  }, []);
  useEffect(followMenu, []);
  useKeys({
    'g t': () => navigate({ view: 'traces', query: '' }),
    'g c': () => navigate({ view: 'connections', adding: false }),
    '/': focusSearch,
    '.': toggleInspector,
    '?': () => useShell.setState({ keysOpen: true }),
  });
  return (
    <CSPProvider disableStyleElements>
      <FileDrop>
        <a className="skip" href="#view">
          Skip to the view
        </a>
        <Rail />
        <div className="frame">
          <TopBar />
          <Notices />
          <main id="view" className="view" tabIndex={-1}>
            <ErrorBoundary what="This view" resetKey={printRoute(route)}>
              <Suspense fallback={null}>
                <View route={route} />
              </Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <InspectorPanel />
        <KeysDialog />
        <SaveCapture open={savingCapture} onClose={closeSaveCapture} />
        <UploadNote />
      </FileDrop>
    </CSPProvider>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'home':
      return <Home />;
    case 'traces':
      return (
        <TracesView
          query={route.query}
          lookFurther={<LookBack query={route.query} />}
          start={<StartButtons />}
        />
      );
    case 'trace':
      return <TraceView route={route} />;
    case 'connections':
      return <ConnectionsView adding={route.adding} start={<StartButtons />} />;
    case 'unknown':
      return (
        <div className="blank">
          <h2>There is nothing at {route.path}</h2>
          <p>
            <RouteLink to={{ view: 'traces', query: '' }}>Go to the traces</RouteLink>
          </p>
        </div>
      );
  }
}

/** Who has nothing yet is welcomed; everyone else goes to the traces. */
function Home() {
  const ids = useConnections((state) => state.ids);
  const events = useEngine((state) => state.events);
  const known = ids !== undefined && events !== undefined;
  const fresh = known && ids.length === 0 && events === 0;
  useEffect(() => {
    if (known && !fresh) navigate({ view: 'traces', query: '' }, { replace: true });
  }, [known, fresh]);
  return fresh ? <Welcome /> : null;
}

function useTitle(route: Route): void {
  useEffect(() => {
    const name =
      route.view === 'traces'
        ? route.query || 'Traces'
        : route.view === 'trace'
          ? `Trace ${route.id}`
          : route.view === 'connections'
            ? 'Connections'
            : undefined;
    document.title = name === undefined ? 'Headwater' : `${name} · Headwater`;
  }, [route]);
}
