import { create } from 'zustand';
import { selectedEvent, useRoute } from '../state/route.ts';

interface ShellState {
  /** The inspector shows; selecting an event opens it. */
  readonly inspectorOpen: boolean;
  readonly keysOpen: boolean;
  /** The dialog that saves a capture shows. */
  readonly savingCapture: boolean;
}

export const useShell = create<ShellState>(() => ({
  inspectorOpen: selectedEvent(useRoute.getState().route) !== undefined,
  keysOpen: false,
  savingCapture: false,
}));

useRoute.subscribe(({ route }, before) => {
  const event = selectedEvent(route);
  if (event !== undefined && event !== selectedEvent(before.route))
    useShell.setState({ inspectorOpen: true });
});

export function toggleInspector(): void {
  useShell.setState(({ inspectorOpen }) => ({ inspectorOpen: !inspectorOpen }));
}

export function openSaveCapture(): void {
  useShell.setState({ savingCapture: true });
}

export function closeSaveCapture(): void {
  useShell.setState({ savingCapture: false });
}
