import { useEffect, useRef, useState } from 'react';
import { navigate, useRoute } from '../state/route.ts';
import { idAt, useTraceList } from '../state/trace-list.ts';
import { Icon } from '../widgets/icon.tsx';

/** How long typing pauses before the list follows it, ms. */
const settle = 160;

/**
 * Finds traces. In the list it filters while one types; elsewhere Enter goes to the list. Enter on a search that finds
 * exactly one opens it, also when its answer is still on the way.
 */
export function SearchBox() {
  const route = useRoute((state) => state.route);
  const shown = route.view === 'traces' ? route.query : undefined;
  const [text, setText] = useState(shown ?? '');
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [awaited, setAwaited] = useState<string>();

  // The address changed by other means than typing: back, a link, a reload.
  const [seen, setSeen] = useState(shown);
  if (seen !== shown) {
    setSeen(shown);
    if (shown !== undefined && shown !== text.trim()) setText(shown);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const answered = useTraceList((state) => state.query);
  const total = useTraceList((state) => state.total);
  useEffect(() => {
    if (awaited === undefined || answered !== awaited || total === undefined || shown !== awaited) return;
    setAwaited(undefined);
    const only = total === 1 ? idAt(useTraceList.getState(), 0) : undefined;
    if (only !== undefined) navigate({ view: 'trace', id: only, form: 'graph' });
  }, [awaited, answered, total, shown]);

  const go = (query: string, replace: boolean): void => navigate({ view: 'traces', query }, { replace });
  const change = (typed: string): void => {
    setText(typed);
    setAwaited(undefined);
    clearTimeout(timer.current);
    if (shown !== undefined) timer.current = setTimeout(() => go(typed.trim(), true), settle);
  };
  const submit = (): void => {
    clearTimeout(timer.current);
    const query = text.trim();
    go(query, shown !== undefined);
    if (query === '') return;
    setAwaited(query);
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
        placeholder="Find by key: 12345, orderId=12345, status:failed"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') input.current?.blur();
          else change('');
          event.preventDefault();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
