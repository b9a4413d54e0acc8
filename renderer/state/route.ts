import { create } from 'zustand';
import { allTime, parseRange, printRange } from '../../app/language/time-range.ts';
import type { TimeRange } from '../../app/language/time-range.ts';

/** What is selected, the same in every view: an event, or a node or an edge of the map. */
export interface Selection {
  readonly event?: string;
  readonly select?: string;
}

/** Where the reader is. Each of these has a URL that can be reloaded, bookmarked and sent to a colleague. */
export type Route =
  | { readonly view: 'home' }
  | ({ readonly view: 'map'; readonly trace?: string } & Selection)
  | ({ readonly view: 'traces'; readonly query: string } & Selection)
  | ({ readonly view: 'trace'; readonly id: string; readonly form: TraceForm } & Selection)
  | ({ readonly view: 'events'; readonly query: string } & Selection)
  | ({ readonly view: 'keys' } & Selection)
  | ({ readonly view: 'connections'; readonly adding: boolean } & Selection)
  | { readonly view: 'unknown'; readonly path: string };

export type TraceForm = 'graph';

/** Reads an address. Never throws: what is none of ours is `unknown`. */
export function parseRoute(path: string, search: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const query = new URLSearchParams(search);
  const [first, second] = parts;
  const selected = selectionIn(query);
  if (first === undefined) return { view: 'home' };
  if (first === 'map' && parts.length === 1) {
    const trace = query.get('trace');
    return { view: 'map', ...(trace && { trace }), ...selected };
  }
  if (first === 'traces' && parts.length === 1)
    return { view: 'traces', query: query.get('q') ?? '', ...selected };
  if (first === 'traces' && second !== undefined && parts.length === 2) {
    const id = decoded(second);
    if (id !== undefined) return { view: 'trace', id, form: 'graph', ...selected };
  }
  if (first === 'events' && parts.length === 1)
    return { view: 'events', query: query.get('q') ?? '', ...selected };
  if (first === 'keys' && parts.length === 1) return { view: 'keys', ...selected };
  if (first === 'connections' && parts.length === 1)
    return { view: 'connections', adding: false, ...selected };
  if (first === 'connections' && second === 'new' && parts.length === 2)
    return { view: 'connections', adding: true, ...selected };
  return { view: 'unknown', path };
}

function selectionIn(query: URLSearchParams): Selection {
  const [event, select] = [query.get('event'), query.get('select')];
  return { ...(event && { event }), ...(select && { select }) };
}

/** The address of a route, with the time range that holds on the whole page; `parseRoute` and `parseRange` read it back. */
export function printRoute(route: Route, range: TimeRange = allTime): string {
  const { path, parameters = {} } = addressOf(route);
  const query = new URLSearchParams({
    ...parameters,
    ...present({ ...selectionOf(route) }),
    ...printRange(range),
  }).toString();
  return query === '' ? path : `${path}?${query}`;
}

function addressOf(route: Route): { path: string; parameters?: Record<string, string> } {
  switch (route.view) {
    case 'home':
      return { path: '/' };
    case 'map':
      return { path: '/map', parameters: present({ trace: route.trace }) };
    case 'traces':
      return { path: '/traces', parameters: present({ q: route.query }) };
    case 'trace':
      return { path: `/traces/${encodeURIComponent(route.id)}` };
    case 'events':
      return { path: '/events', parameters: present({ q: route.query }) };
    case 'keys':
      return { path: '/keys' };
    case 'connections':
      return { path: route.adding ? '/connections/new' : '/connections' };
    case 'unknown':
      return { path: route.path };
  }
}

/** Without what is empty. */
function present(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
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
  /** One for all views. */
  readonly range: TimeRange;
}

const here = (): RouteState => {
  // In unit tests there is no address.
  const { pathname, search } = globalThis.location ?? { pathname: '/', search: '' };
  return { route: parseRoute(pathname, search), range: parseRange(new URLSearchParams(search)) };
};

export const useRoute = create<RouteState>(here);

globalThis.addEventListener?.('popstate', () => {
  const { route, range } = here();
  const before = useRoute.getState().range;
  // What follows the range asks anew only where it is another.
  const same = JSON.stringify(printRange(before)) === JSON.stringify(printRange(range));
  useRoute.setState({ route, range: same ? before : range });
});

interface How {
  /** Keeps the way back as it was: for selections, typing, redirects. */
  readonly replace?: boolean;
  /** Another time range; without it the one that holds is taken along. */
  readonly range?: TimeRange;
}

/** Goes there. */
export function navigate(route: Route, { replace, range = useRoute.getState().range }: How = {}): void {
  const address = printRoute(route, range);
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  useRoute.setState({ route, range });
}

/** Shows another stretch of time in the same view. */
export function showTimes(range: TimeRange): void {
  navigate(useRoute.getState().route, { range });
}

/** What is selected, to be taken along to another view. */
export function selectionOf(route: Route): Selection {
  if (route.view === 'home' || route.view === 'unknown') return {};
  const { event, select } = route;
  return { ...(event && { event }), ...(select && { select }) };
}

/** What of the map is selected: the id of a node or an edge. */
export function selectedOnMap(route: Route): string | undefined {
  return selectionOf(route).select;
}

/** The event that is selected, if one is. It stays so from view to view. */
export function selectedEvent(route: Route): string | undefined {
  return selectionOf(route).event;
}
