import { useEffect, useRef } from 'react';

/** True where typing means text: then single keys are not commands. */
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest('[role=dialog],[role=alertdialog],[role=menu]') !== null)
  );
}

/** True where Enter and Space press what has the focus. */
function pressing({ key, target }: KeyboardEvent): boolean {
  return (
    (key === 'Enter' || key === ' ') &&
    target instanceof Element &&
    target.closest('a,button,summary,[role=button],[role=tab],[role=treeitem],[role=slider]') !== null
  );
}

/** What a key does; answer false to leave the key to the browser. */
type KeyActions = Readonly<Record<string, (event: KeyboardEvent) => boolean | void>>;

/**
 * Binds single keys (`j`, `[`, `.`) and pairs typed in a row (`g t`) while the component is mounted. Keys typed into a
 * field, keys with Ctrl, Alt or Cmd, and those that press a button or a link are left alone.
 */
export function useKeys(actions: KeyActions): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    let before = '';
    let beforeAt = 0;
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing(event.target) || pressing(event)) return;
      const pair = event.timeStamp - beforeAt < 1200 ? `${before} ${event.key}` : '';
      before = event.key;
      beforeAt = event.timeStamp;
      const known = current.current;
      const action = Object.hasOwn(known, pair)
        ? known[pair]
        : Object.hasOwn(known, event.key)
          ? known[event.key]
          : undefined;
      if (action && action(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
