import { create } from 'zustand';
import { startPicking } from '../state/pairing.ts';
import { selectedEvent, selectedOnMap, useRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';

interface ShellState {
  /** The inspector shows; selecting something opens it. */
  readonly inspectorOpen: boolean;
  readonly keysOpen: boolean;
  readonly paletteOpen: boolean;
  /** The dialog that writes what is recorded into a capture. */
  readonly savingCapture: boolean;
}

function selection(route: Route): string | undefined {
  return selectedEvent(route) ?? selectedOnMap(route);
}

export const useShell = create<ShellState>(() => ({
  inspectorOpen: selection(useRoute.getState().route) !== undefined,
  keysOpen: false,
  paletteOpen: false,
  savingCapture: false,
}));

useRoute.subscribe(({ route }, before) => {
  const selected = selection(route);
  if (selected !== undefined && selected !== selection(before.route))
    useShell.setState({ inspectorOpen: true });
});

export function toggleInspector(): void {
  useShell.setState(({ inspectorOpen }) => ({ inspectorOpen: !inspectorOpen }));
}

/** Shows the inspector, and moves the keyboard into it. */
export function enterInspector(): void {
  useShell.setState({ inspectorOpen: true });
  // It may be drawn only now.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.inspector .inspector-body')?.focus());
}

/** Lets an event be chosen that is looked at together with the selected one. */
export function pickOtherEvent(): void {
  useShell.setState({ inspectorOpen: true });
  startPicking();
}

export function openKeys(): void {
  useShell.setState({ keysOpen: true });
}

/** Asks for the name of a capture, and writes it. */
export function openSaveCapture(): void {
  useShell.setState({ savingCapture: true });
}

export function closeSaveCapture(): void {
  useShell.setState({ savingCapture: false });
}
