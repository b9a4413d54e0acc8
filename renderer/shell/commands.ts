import { navigate, selectedEvent, showTimes, useRoute } from '../state/route.ts';
import { prefer, usePreferences } from '../state/preferences.ts';
import { openFiles } from '../state/uploads.ts';
import type { IconName } from '../widgets/icon.tsx';
import { pickFiles } from '../widgets/pick-files.ts';
import { rangeName } from '../widgets/range-words.ts';
import { focusSearch, goTo } from './go.ts';
import { openKeys, openSaveCapture, pickOtherEvent, toggleInspector } from './shell-state.ts';
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
  const { theme, linksOpen, stripOpen } = usePreferences.getState();
  const { route } = useRoute.getState();
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
    ...ranges.map((range): Command => ({
      name: `Time: ${rangeName(range).toLowerCase()}`,
      icon: 'clock',
      run: () => showTimes(range),
    })),
    { name: 'Show or hide the inspector', icon: 'info', keys: '.', run: toggleInspector },
    {
      name: stripOpen ? 'Hide the time strip' : 'Show the time strip',
      icon: 'pulse',
      run: () => prefer({ stripOpen: !stripOpen }),
    },
    ...(selectedEvent(route) === undefined
      ? []
      : [
          {
            name: 'Link the selected event to another, or ask why not',
            icon: 'link' as const,
            keys: 'w',
            run: pickOtherEvent,
          },
        ]),
    ...(route.view === 'trace'
      ? [
          {
            name: linksOpen ? 'Hide the list of links' : 'Show the list of links',
            icon: 'link' as const,
            run: () => prefer({ linksOpen: !linksOpen }),
          },
        ]
      : []),
    ...themes
      .filter((each) => each.theme !== theme)
      .map((each): Command => ({ ...each, run: () => prefer({ theme: each.theme }) })),
    { name: 'Map of keys', icon: 'keyboard', keys: '?', run: openKeys },
  ];
}

const themes = [
  { theme: 'system', icon: 'half', name: 'Use the system’s theme' },
  { theme: 'light', icon: 'sun', name: 'Use the light theme' },
  { theme: 'dark', icon: 'moon', name: 'Use the dark theme' },
] as const;
