import { openLiveDemo } from '../state/demo.ts';
import { togglePaused, useMapFocus } from '../state/map-focus.ts';
import { navigate, selectedEvent, selectionOf, showTimes, useRoute } from '../state/route.ts';
import { prefer, usePreferences } from '../state/preferences.ts';
import { openFiles } from '../state/uploads.ts';
import type { IconName } from '../widgets/icon.tsx';
import { pickFiles } from '../widgets/pick-files.ts';
import { rangeName } from '../widgets/range-words.ts';
import { focusSearch, goTo } from './go.ts';
import { enterInspector, openKeys, openSaveCapture, pickOtherEvent, toggleInspector } from './shell-state.ts';
import { ranges } from './time-control.tsx';

/** Something that can be done from anywhere, by its name. */
export interface Command {
  readonly name: string;
  readonly icon: IconName;
  /** The key that does the same. */
  readonly keys?: string;
  run(): void;
}

/** All commands, as they are now. */
export function allCommands(): readonly Command[] {
  const { theme } = usePreferences.getState();
  return [
    { name: 'Go to map', icon: 'map', keys: 'g m', run: () => goTo('map') },
    { name: 'Go to traces', icon: 'traces', keys: 'g t', run: () => goTo('traces') },
    { name: 'Go to events', icon: 'events', keys: 'g e', run: () => goTo('events') },
    { name: 'Go to keys that tie events', icon: 'key', keys: 'g k', run: () => goTo('keys') },
    { name: 'Go to connections', icon: 'plug', keys: 'g c', run: () => goTo('connections') },
    { name: 'Search', icon: 'search', keys: '/', run: focusSearch },
    {
      name: 'Add a connection',
      icon: 'plus',
      run: () => navigate({ view: 'connections', adding: true }),
    },
    { name: 'Open a file', icon: 'file', run: () => pickFiles((files) => void openFiles(files)) },
    { name: 'Save a capture', icon: 'save', run: openSaveCapture },
    { name: 'Open the live demo', icon: 'play', run: () => void openLiveDemo() },
    { name: 'Copy link', icon: 'copy', run: () => void navigator.clipboard.writeText(location.href) },
    ...ranges.map((range): Command => ({
      name: `Time: ${rangeName(range).toLowerCase()}`,
      icon: 'clock',
      run: () => showTimes(range),
    })),
    { name: 'Show or hide the inspector', icon: 'info', keys: '.', run: toggleInspector },
    { name: 'Go into the inspector', icon: 'info', keys: 'i', run: enterInspector },
    ...hereOnly(),
    ...themes
      .filter((each) => each.theme !== theme)
      .map((each): Command => ({ ...each, run: () => prefer({ theme: each.theme }) })),
    { name: 'Map of keys', icon: 'keyboard', keys: '?', run: openKeys },
  ];
}

/** What can be done in this view and not in all. */
function hereOnly(): Command[] {
  const { linksOpen, stripOpen } = usePreferences.getState();
  const { route } = useRoute.getState();
  const { arrange, paused } = useMapFocus.getState();
  const timed =
    route.view === 'map' || route.view === 'traces' || route.view === 'trace' || route.view === 'events';
  const commands: (Command | false)[] = [
    timed && {
      name: stripOpen ? 'Hide the time strip' : 'Show the time strip',
      icon: 'pulse',
      run: () => prefer({ stripOpen: !stripOpen }),
    },
    (route.view === 'trace' || route.view === 'map') && {
      name: linksOpen ? 'Hide the list of links' : 'Show the list of links',
      icon: 'link',
      run: () => prefer({ linksOpen: !linksOpen }),
    },
    route.view === 'trace' && {
      name: 'Show on map',
      icon: 'map',
      run: () => navigate({ view: 'map', trace: route.id, ...selectionOf(route) }),
    },
    selectedEvent(route) !== undefined && {
      name: 'Link the selected event to another, or ask why not',
      icon: 'link',
      keys: 'w',
      run: pickOtherEvent,
    },
    arrange !== undefined && { name: 'Arrange anew', icon: 'arrange', run: arrange },
    arrange !== undefined && {
      name: paused ? 'Let events move' : 'Hold events still',
      icon: paused ? 'play' : 'pause',
      keys: 'space',
      run: togglePaused,
    },
  ];
  return commands.filter((command) => command !== false);
}

const themes = [
  { theme: 'system', icon: 'half', name: 'Use the system’s theme' },
  { theme: 'light', icon: 'sun', name: 'Use the light theme' },
  { theme: 'dark', icon: 'moon', name: 'Use the dark theme' },
] as const;
