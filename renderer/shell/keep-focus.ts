/**
 * Whoever presses a link or a button that goes away with its view stands nowhere: Tab would begin at the top again, and a
 * screen reader fall silent. The focus goes to the view that came, or stays in the panel where it was. Returns the way to
 * stop.
 */
export function keepFocus(): () => void {
  let last: Element | undefined;
  let around: Element | undefined;
  const remember = ({ target }: FocusEvent): void => {
    last = target instanceof Element ? target : undefined;
    around = last?.closest('[role=dialog], .inspector') ?? undefined;
  };
  const look = (): void => {
    if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
    const inside = around?.isConnected
      ? (around.querySelector<HTMLElement>('.inspector-body') ?? around)
      : document.getElementById('view');
    last = undefined;
    if (inside instanceof HTMLElement) inside.focus({ preventScroll: true });
  };
  const watcher = new MutationObserver(look);
  document.addEventListener('focusin', remember);
  watcher.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener('focusin', remember);
    watcher.disconnect();
  };
}
