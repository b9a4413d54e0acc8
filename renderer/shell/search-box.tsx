import { useEffect, useRef, useState } from 'react';
import { findNodes, findOnMap } from '../state/map-focus.ts';
import { useMap } from '../state/map.ts';
import { navigate, selectionOf, useRoute } from '../state/route.ts';
import { idAt, useTraceList } from '../state/trace-list.ts';
import { Icon } from '../widgets/icon.tsx';

/** How long typing pauses before the list follows it, ms. */
const settle = 160;

/**
 * Finds traces, or events in their view. In a list it filters while one types; on the map names, systems and the ways of
 * traces light up, and Enter selects the first name; elsewhere, and where the map has none, Enter goes to the traces. Enter on a
 * search that finds exactly one trace opens it, also when its answer is still on the way.
 */
export function SearchBox() {
  const route = useRoute((state) => state.route);
  const shown = route.view === 'traces' || route.view === 'events' ? route.query : undefined;
  const [text, setText] = useState(shown ?? '');
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stopWaiting = useRef<() => void>(() => undefined);

  // The address changed by other means than typing: back, a link, a reload.
  const [seen, setSeen] = useState(shown);
  if (seen !== shown) {
    setSeen(shown);
    if (shown !== undefined && shown !== text.trim()) setText(shown);
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      stopWaiting.current();
    },
    [],
  );

  const go = (query: string, replace: boolean): void =>
    navigate(
      route.view === 'events' ? { ...route, query } : { view: 'traces', query, ...selectionOf(route) },
      { replace },
    );
  const change = (typed: string): void => {
    setText(typed);
    stopWaiting.current();
    clearTimeout(timer.current);
    if (shown !== undefined) timer.current = setTimeout(() => go(typed.trim(), true), settle);
    if (route.view === 'map') findOnMap(typed.trim());
  };
  const submit = (): void => {
    clearTimeout(timer.current);
    stopWaiting.current();
    const query = text.trim();
    if (route.view === 'map' && query !== '') {
      const [found] = findNodes(useMap.getState().nodes.values(), query);
      if (found) return navigate({ view: 'map', trace: route.trace, select: found.id }, { replace: true });
    }
    go(query, shown !== undefined);
    if (query !== '' && route.view !== 'events') stopWaiting.current = openOnlyResult(query);
  };

  return (
    <form
      className="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Icon name="search" size={15} />
      <input
        ref={input}
        type="search"
        aria-label="Search"
        placeholder={
          route.view === 'events'
            ? 'Filter: 12345, orderId=12345, channel:orders, type:OrderPlaced'
            : 'Find by key: 12345, orderId=12345, status:failed'
        }
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // Nobody is left standing nowhere: the next key is the view's.
          if (text === '') document.getElementById('view')?.focus({ preventScroll: true });
          else change('');
          event.preventDefault();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

/** Waits for the answer to a search and opens what it finds if that is exactly one. Returns the way to stop waiting. */
function openOnlyResult(query: string): () => void {
  let stop = (): void => undefined;
  const look = (): void => {
    const state = useTraceList.getState();
    if (state.query !== query || state.total === undefined) return;
    stop();
    const only = state.total === 1 ? idAt(state, 0) : undefined;
    if (only !== undefined) navigate({ view: 'trace', id: only, form: 'graph' });
  };
  stop = useTraceList.subscribe(look);
  look();
  return stop;
}
