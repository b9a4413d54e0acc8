import { useEngine } from '../state/engine-state.ts';
import { prefer, usePreferences } from '../state/preferences.ts';
import type { Theme } from '../state/preferences.ts';
import { IconButton } from '../widgets/button.tsx';
import type { IconName } from '../widgets/icon.tsx';
import { StateWord } from '../widgets/state-word.tsx';
import { SearchBox } from './search-box.tsx';
import { openKeys, openSaveCapture, useShell } from './shell-state.ts';
import { TimeControl } from './time-control.tsx';

const phases = {
  connecting: { icon: 'again', word: 'Connecting', tone: 'plain', busy: true },
  open: { icon: 'dot', word: 'Live', tone: 'good' },
  lost: { icon: 'again', word: 'Reconnecting', tone: 'warn', busy: true },
  refused: { icon: 'alert', word: 'Refused', tone: 'bad' },
} as const;

const themes: readonly { theme: Theme; icon: IconName; word: string }[] = [
  { theme: 'system', icon: 'half', word: 'the system’s theme' },
  { theme: 'light', icon: 'sun', word: 'the light theme' },
  { theme: 'dark', icon: 'moon', word: 'the dark theme' },
];

/** Search, time range, how the engine fares, and what concerns the whole page. */
export function TopBar() {
  const phase = useEngine((state) => state.phase);
  const theme = usePreferences((state) => state.theme);
  const at = themes.findIndex((each) => each.theme === theme);
  const now = themes[at] ?? themes[0];
  const next = themes[(at + 1) % themes.length];
  return (
    <header className="top-bar">
      <SearchBox />
      <TimeControl />
      <div className="top-state" role="status" aria-label="Engine">
        <StateWord {...phases[phase]} />
      </div>
      <IconButton icon="save" label="Save capture" onClick={openSaveCapture} />
      <IconButton
        icon="command"
        label="Commands"
        hint="Ctrl K"
        onClick={() => useShell.setState({ paletteOpen: true })}
      />
      <IconButton
        icon={now?.icon ?? 'half'}
        label={`Use ${next?.word ?? ''}`}
        onClick={() => next && prefer({ theme: next.theme })}
      />
      <IconButton icon="keyboard" label="Keys" hint="?" onClick={openKeys} />
    </header>
  );
}
