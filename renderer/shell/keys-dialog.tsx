import { Dialog } from '@base-ui/react/dialog';
import { IconButton } from '../widgets/button.tsx';
import '../widgets/dialog.css';
import { useShell } from './shell-state.ts';

const groups = [
  {
    title: 'Anywhere',
    keys: [
      ['Ctrl K', 'Commands, and any trace by its key'],
      ['/', 'Search'],
      ['g m', 'Map'],
      ['g t', 'Traces'],
      ['g e', 'Events'],
      ['g k', 'Keys that tie events'],
      ['g c', 'Connections'],
      ['.', 'Show or hide the inspector'],
      ['i', 'Go into the inspector'],
      ['?', 'This map of keys'],
    ],
  },
  {
    title: 'Traces',
    keys: [
      ['j  k', 'Next, previous trace'],
      ['Enter', 'Open it; in the search, open the only result'],
      ['Esc', 'Let go, and follow what comes'],
    ],
  },
  {
    title: 'Map',
    keys: [
      ['j  k', 'Next, previous along the flow'],
      ['← ↑ → ↓', 'What lies beside; with Shift, move the node'],
      ['[  ]', 'Upstream, downstream'],
      ['Enter', 'Inspect it'],
      ['space', 'Hold events still, let them move'],
      ['Esc', 'Select nothing; show everything again'],
    ],
  },
  {
    title: 'In a trace',
    keys: [
      ['j  k', 'Next, previous event in causal order'],
      ['[  ]', 'Cause, effect'],
      ['Enter', 'Inspect the event that has the focus'],
      ['w', 'Choose another event: why it is linked to the selected one, or not, and link it'],
      ['Shift Enter', 'The same with the event that has the focus; or a click with Shift'],
      ['Esc', 'Look at one event again; select nothing'],
    ],
  },
  {
    title: 'Events',
    keys: [
      ['j  k', 'Next, previous event'],
      ['Enter', 'Open its trace'],
      ['f', 'Search for others like it'],
      ['Space', 'Hold the list, or follow again'],
      ['Esc', 'Let go, and follow what comes'],
    ],
  },
  {
    title: 'Keys that tie events',
    keys: [
      ['j  k', 'Next, previous name'],
      ['a  x', 'Accept it, reject it'],
      ['u', 'Take that back'],
    ],
  },
  {
    title: 'Time strip',
    keys: [
      ['←  →', 'Move the begin or the end of the range; with Shift ten times as far'],
      ['Enter', 'Show that range'],
      ['Esc', 'Leave it as it was'],
    ],
  },
] as const;

/** The map of keys. */
export function KeysDialog() {
  const open = useShell((state) => state.keysOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(keysOpen) => useShell.setState({ keysOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-scrim" />
        <Dialog.Popup className="dialog keys">
          <Dialog.Title className="dialog-title">Keys</Dialog.Title>
          <Dialog.Close render={<IconButton icon="cross" label="Close" className="keys-close" />} />
          {groups.map(({ title, keys }) => (
            <section key={title} aria-label={title}>
              <h3>{title}</h3>
              <dl>
                {keys.map(([key, does]) => (
                  <div key={key}>
                    <dt>
                      {key.split(/\s+/).map((each) => (
                        <kbd key={each}>{each}</kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
