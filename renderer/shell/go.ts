import { navigate, selectionOf, useRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';

/**
 * The routes of the views from where the reader is: what is searched stays between the lists, and what is selected
 * everywhere.
 */
export const viewRoutes = {
  map: (now: Route): Route => ({ view: 'map', ...selectionOf(now) }),
  traces: (now: Route): Route => ({ view: 'traces', query: searched(now), ...selectionOf(now) }),
  events: (now: Route): Route => ({ view: 'events', query: searched(now), ...selectionOf(now) }),
  keys: (now: Route): Route => ({ view: 'keys', ...selectionOf(now) }),
  connections: (now: Route): Route => ({ view: 'connections', adding: false, ...selectionOf(now) }),
} as const satisfies Record<string, (now: Route) => Route>;

function searched(now: Route): string {
  return now.view === 'events' || now.view === 'traces' ? now.query : '';
}

/** Goes to a view. */
export function goTo(view: keyof typeof viewRoutes): void {
  navigate(viewRoutes[view](useRoute.getState().route));
}

/** Puts the cursor into the search. */
export function focusSearch(): void {
  const search = document.querySelector<HTMLInputElement>('input[type=search]');
  search?.focus();
  search?.select();
}
