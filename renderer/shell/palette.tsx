import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useState } from 'react';
import { findTraces } from '../state/find-traces.ts';
import { navigate } from '../state/route.ts';
import { Icon } from '../widgets/icon.tsx';
import '../widgets/dialog.css';
import '../widgets/menu.css';
import { allCommands } from './commands.ts';
import type { Command } from './commands.ts';
import { fuzzyScore } from './fuzzy.ts';
import './palette.css';
import { useShell } from './shell-state.ts';

/** How long typing pauses before traces are looked for, ms. */
const settle = 120;
const tracesShown = 5;

/** Everything that can be done, and every trace, by a few letters: Ctrl-K or Cmd-K. */
export function Palette() {
  const open = useShell((state) => state.paletteOpen);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      useShell.setState(({ paletteOpen }) => ({ paletteOpen: !paletteOpen }));
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={(paletteOpen) => useShell.setState({ paletteOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-scrim" />
        <Dialog.Popup className="dialog palette" aria-label="Commands">
          <Choices />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices() {
  const [text, setText] = useState('');
  const [commands] = useState(allCommands);
  const traces = useTraces(text.trim());
  const found = commands
    .map((command) => ({ command, score: fuzzyScore(text, command.name) }))
    .filter(({ score }) => score !== undefined)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map(({ command }) => command);
  const items = text.trim() === '' ? commands : [...traces, ...found, ...searches(text.trim())];
  const run = ({ run: go }: Command): void => {
    useShell.setState({ paletteOpen: false });
    // What it focuses or opens must come after the focus went back.
    setTimeout(go);
  };
  return (
    <Autocomplete.Root
      open
      inline
      items={items}
      filter={null}
      itemToStringValue={({ name }: Command) => name}
      autoHighlight="always"
      keepHighlight
      value={text}
      onValueChange={(typed, { reason }) => reason !== 'item-press' && setText(typed)}
    >
      <div className="palette-input">
        <Icon name="search" size={15} />
        <Autocomplete.Input
          aria-label="Command or key"
          placeholder="Type a command, or a key to open its trace"
        />
      </div>
      <Autocomplete.List className="palette-list">
        {(command: Command) => (
          <Autocomplete.Item
            key={command.name}
            value={command}
            className="menu-item"
            onClick={() => run(command)}
          >
            <Icon name={command.icon} size={14} />
            <span className="ellipsis">{command.name}</span>
            {command.keys && (
              <span className="palette-keys" aria-hidden="true">
                {command.keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            )}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Whatever was typed can be searched for. */
function searches(text: string): Command[] {
  return [
    { name: `Find traces: ${text}`, icon: 'search', run: () => navigate({ view: 'traces', query: text }) },
    { name: `Find events: ${text}`, icon: 'search', run: () => navigate({ view: 'events', query: text }) },
  ];
}

/** The traces that carry what was typed. */
function useTraces(text: string): readonly Command[] {
  const [found, setFound] = useState<{ readonly text: string; readonly traces: readonly Command[] }>();
  useEffect(() => {
    if (text === '') return undefined;
    let stale = false;
    const timer = setTimeout(async () => {
      const rows = await findTraces(text, tracesShown);
      if (stale) return;
      const traces = rows.map(({ id, keys: [key] }): Command => ({
        name: `Open trace ${key ? `${key.name}=${key.value}` : id}`,
        icon: 'traces',
        run: () => navigate({ view: 'trace', id, form: 'graph' }),
      }));
      setFound({ text, traces });
    }, settle);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found?.text === text ? found.traces : [];
}
