/** Moves the focus to what was selected, unless the reader is typing: the letters would go elsewhere. */
export function takeFocus(element: HTMLElement | null): void {
  if (document.activeElement?.closest('input, textarea, select, [role=dialog]')) return;
  element?.focus({ preventScroll: true });
}
