import type { PageCommand } from '../../app/contract/desktop.ts';
import { desktop } from '../rpc/desktop.ts';
import { loadConnections } from '../state/connections.ts';
import { prefer } from '../state/preferences.ts';
import { navigate } from '../state/route.ts';
import { focusSearch } from './go.ts';
import { openKeys, openSaveCapture, toggleInspector, useShell } from './shell-state.ts';

/** What the page does when a menu of the desktop shell asks for it. The menus hold what is here. */
const commands: Partial<Record<PageCommand, () => void>> = {
  'new-connection': () => navigate({ view: 'connections', adding: true }),
  'show-traces': () => {
    loadConnections();
    navigate({ view: 'traces', query: '' });
  },
  'save-capture': openSaveCapture,
  find: focusSearch,
  'toggle-theme': toggleTheme,
  'toggle-inspector': toggleInspector,
  'show-keys': openKeys,
  palette: () => useShell.setState({ paletteOpen: true }),
};

/** Offers them to the shell, where there is one, and follows it. Returns the way to stop. */
export function followMenu(): () => void {
  const offered = Object.keys(commands) as PageCommand[];
  return desktop?.followCommands(offered, (command) => commands[command]?.()) ?? (() => undefined);
}

/** To the other of what is shown, also where the system chose. */
function toggleTheme(): void {
  const shown = getComputedStyle(document.documentElement).colorScheme;
  const dark =
    shown.includes('dark') &&
    (!shown.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches);
  prefer({ theme: dark ? 'light' : 'dark' });
}
