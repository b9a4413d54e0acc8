import { navigate, selectedEvent, useRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';

/**
 * The routes of the views from where the reader is: what is searched stays between the lists, the selected event
 * between the views that show events.
 */
export const viewRoutes = {
  map: (): Route => ({ view: 'map' }),
  traces: (now: Route): Route => ({ view: 'traces', query: now.view === 'events' ? now.query : '' }),
  events: (now: Route): Route => {
    const event = selectedEvent(now);
    return { view: 'events', query: now.view === 'traces' ? now.query : '', ...(event ? { event } : {}) };
  },
  keys: (): Route => ({ view: 'keys' }),
  connections: (): Route => ({ view: 'connections', adding: false }),
} as const satisfies Record<string, (now: Route) => Route>;

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
