import { create } from 'zustand';

/** Where the reader is. Each of these has a URL that can be reloaded, bookmarked and sent to a colleague. */
export type Route =
  | { readonly view: 'home' }
  | { readonly view: 'map'; readonly trace?: string; readonly select?: string }
  | { readonly view: 'traces'; readonly query: string }
  | { readonly view: 'trace'; readonly id: string; readonly event?: string; readonly form: TraceForm }
  | { readonly view: 'connections'; readonly adding: boolean }
  | { readonly view: 'unknown'; readonly path: string };

export type TraceForm = 'graph';

/** Reads an address. Never throws: what is none of ours is `unknown`. */
export function parseRoute(path: string, search: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const query = new URLSearchParams(search);
  const [first, second] = parts;
  if (first === undefined) return { view: 'home' };
  if (first === 'map' && parts.length === 1) {
    const [trace, select] = [query.get('trace'), query.get('select')];
    return { view: 'map', ...(trace && { trace }), ...(select && { select }) };
  }
  if (first === 'traces' && parts.length === 1) return { view: 'traces', query: query.get('q') ?? '' };
  if (first === 'traces' && second !== undefined && parts.length === 2) {
    const id = decoded(second);
    if (id !== undefined) {
      const event = query.get('event');
      return { view: 'trace', id, form: 'graph', ...(event ? { event } : {}) };
    }
  }
  if (first === 'connections' && parts.length === 1) return { view: 'connections', adding: false };
  if (first === 'connections' && second === 'new' && parts.length === 2)
    return { view: 'connections', adding: true };
  return { view: 'unknown', path };
}

/** The address of a route; `parseRoute` reads it back. */
export function printRoute(route: Route): string {
  switch (route.view) {
    case 'home':
      return '/';
    case 'map': {
      const { trace, select } = route;
      const query = new URLSearchParams({ ...(trace && { trace }), ...(select && { select }) }).toString();
      return query === '' ? '/map' : `/map?${query}`;
    }
    case 'traces':
      return route.query === '' ? '/traces' : `/traces?${new URLSearchParams({ q: route.query }).toString()}`;
    case 'trace': {
      const query = route.event ? `?${new URLSearchParams({ event: route.event }).toString()}` : '';
      return `/traces/${encodeURIComponent(route.id)}${query}`;
    }
    case 'connections':
      return route.adding ? '/connections/new' : '/connections';
    case 'unknown':
      return route.path;
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

interface RouteState {
  readonly route: Route;
}

const here = (): Route => parseRoute(globalThis.location?.pathname ?? '/', globalThis.location?.search ?? '');

export const useRoute = create<RouteState>(() => ({ route: here() }));

globalThis.addEventListener?.('popstate', () => useRoute.setState({ route: here() }));

/** Goes there. `replace` keeps the way back as it was: for selections, typing, redirects. */
export function navigate(route: Route, how: { readonly replace?: boolean } = {}): void {
  const address = printRoute(route);
  if (address === location.pathname + location.search) return;
  if (how.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  useRoute.setState({ route });
}

/** What is selected on the map: the id of a node or an edge. */
export function selectedOnMap(route: Route): string | undefined {
  return route.view === 'map' ? route.select : undefined;
}

/** The event that is selected, if one is. */
export function selectedEvent(route: Route): string | undefined {
  return route.view === 'trace' ? route.event : undefined;
}
