import { CSPProvider } from '@base-ui/react/csp-provider';
import { lazy, Suspense, useEffect } from 'react';
import { SaveCapture } from '../features/capture/save-capture.tsx';
import { ConnectionsView } from '../features/connections/connections-view.tsx';
import { NothingYet, WhatWasRead } from '../features/coverage/coverage.tsx';
import { EventsView } from '../features/events/events-view.tsx';
import { KeysView } from '../features/keys/keys-view.tsx';
import { LookBack, LookedBack } from '../features/look-back/look-back.tsx';
import { TimeStrip } from '../features/time-strip/time-strip.tsx';
import { TracesView } from '../features/traces/traces-view.tsx';
import { StartButtons, Welcome } from '../features/welcome/welcome.tsx';
import { useConnections } from '../state/connections.ts';
import { useEngine } from '../state/engine-state.ts';
import { RouteLink } from '../state/route-link.tsx';
import { navigate, printRoute, useRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';
import { ErrorBoundary } from '../widgets/error-boundary.tsx';
import { useKeys } from '../widgets/use-keys.ts';
import { FileDrop } from './file-drop.tsx';
import { followMenu } from './follow-menu.ts';
import { focusSearch, goTo } from './go.ts';
import { InspectorPanel } from './inspector-panel.tsx';
import { keepFocus } from './keep-focus.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { Notices } from './notices.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { closeSaveCapture, enterInspector, openKeys, toggleInspector, useShell } from './shell-state.ts';
import { TopBar } from './top-bar.tsx';
import { UploadNote } from './upload-note.tsx';
import './shell.css';

/** The canvas is loaded when the page has nothing better to do, so that the first trace opens without waiting for it. */
const loadTraceView = () =>
  import('../features/trace/trace-view.tsx').then((module) => ({ default: module.TraceView }));
const TraceView = lazy(loadTraceView);
const loadMapView = () =>
  import('../features/map/map-view.tsx').then((module) => ({ default: module.MapView }));
const MapView = lazy(loadMapView);

/** Views that show a stretch of time. */
const timed: ReadonlySet<Route['view']> = new Set(['map', 'traces', 'trace', 'events']);

/**
 * The frame: views at the left, search and time range above, the view with the time strip
 * below it, the inspector at the right. It is the one place that knows all features.
 */
export function App() {
  const route = useRoute((state) => state.route);
  const savingCapture = useShell((state) => state.savingCapture);
  useTitle(route);
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([loadTraceView(), loadMapView()]), 1500);
    return () => clearTimeout(timer);
  }, []);
  useEffect(followMenu, []);
  useEffect(keepFocus, []);
  useKeys({
    'g m': () => goTo('map'),
    'g t': () => goTo('traces'),
    'g e': () => goTo('events'),
    'g k': () => goTo('keys'),
    'g c': () => goTo('connections'),
    '/': focusSearch,
    '.': toggleInspector,
    i: enterInspector,
    '?': openKeys,
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
              {/* By its view: else the one before would stay, hidden, and take keys until the next one is loaded. */}
              <Suspense key={route.view} fallback={null}>
                <View route={route} />
              </Suspense>
            </ErrorBoundary>
          </main>
          {timed.has(route.view) && <TimeStrip />}
        </div>
        <InspectorPanel />
        <KeysDialog />
        <SaveCapture open={savingCapture} onClose={closeSaveCapture} />
        <Palette />
        <UploadNote />
      </FileDrop>
    </CSPProvider>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'home':
      return <Home />;
    case 'map':
      return <MapView route={route} start={<StartButtons />} onInspect={enterInspector} />;
    case 'traces':
      return (
        <TracesView
          query={route.query}
          lookFurther={<LookBack query={route.query} />}
          lookedBack={<LookedBack query={route.query} />}
          coverage={<WhatWasRead />}
          nothingYet={nothingYet}
        />
      );
    case 'events':
      return (
        <EventsView
          query={route.query}
          event={route.event}
          coverage={<WhatWasRead />}
          nothingYet={nothingYet}
        />
      );
    case 'trace':
      return <TraceView route={route} />;
    case 'keys':
      return <KeysView nothingYet={noKeysYet} />;
    case 'connections':
      return <ConnectionsView adding={route.adding} start={<StartButtons />} />;
    case 'unknown':
      return (
        <div className="blank">
          <h1>There is nothing at {route.path}</h1>
          <p>
            <RouteLink to={{ view: 'traces', query: '' }}>Go to the traces</RouteLink>
          </p>
        </div>
      );
  }
}

const nothingYet = (
  <NothingYet>
    <StartButtons />
  </NothingYet>
);

const noKeysYet = (
  <div className="blank">
    <h2>No key yet</h2>
    <p>Keys are found in what is recorded: names whose values tie events of several channels together.</p>
    <StartButtons />
  </div>
);

/** Who has nothing yet is welcomed; everyone else goes to the map. */
function Home() {
  const ids = useConnections((state) => state.ids);
  const events = useEngine((state) => state.events);
  const known = ids !== undefined && events !== undefined;
  const fresh = known && ids.length === 0 && events === 0;
  useEffect(() => {
    if (known && !fresh) navigate({ view: 'map' }, { replace: true });
  }, [known, fresh]);
  return fresh ? <Welcome /> : null;
}

function useTitle(route: Route): void {
  useEffect(() => {
    const name = titleOf(route);
    document.title = name === undefined ? 'Headwater' : `${name} · Headwater`;
  }, [route]);
}

function titleOf(route: Route): string | undefined {
  switch (route.view) {
    case 'map':
      return 'Map';
    case 'traces':
      return route.query || 'Traces';
    case 'events':
      return route.query ? `Events ${route.query}` : 'Events';
    case 'trace':
      return `Trace ${route.id}`;
    case 'keys':
      return 'Keys';
    case 'connections':
      return 'Connections';
    case 'home':
    case 'unknown':
      return undefined;
  }
}
