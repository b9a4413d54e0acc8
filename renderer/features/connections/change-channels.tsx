import { useEffect, useState } from 'react';
import type { ChannelChoice, ConnectionDto, Problem } from '../../../app/contract/page.ts';
import { engine } from '../../rpc/engine.ts';
import { asProblem } from '../../rpc/problem.ts';
import { onConnections } from '../../state/connections.ts';
import { Button } from '../../widgets/button.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { ChannelPicker } from './channel-picker.tsx';
import type { ChannelSelection } from './channel-picker.tsx';

interface ChangeChannelsProps {
  readonly connection: ConnectionDto;
  onClose(): void;
}

/** Chooses other channels of a live connection. */
export function ChangeChannels({ connection, onClose }: ChangeChannelsProps) {
  const { id } = connection;
  const [choices, setChoices] = useState<readonly ChannelChoice[]>();
  const [value, setValue] = useState<ChannelSelection>(connection.channels);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let current = true;
    engine()
      .connections.discover({ id })
      .then((found) => current && setChoices(found))
      .catch((error: unknown) => current && setProblem(asProblem(error)));
    return () => {
      current = false;
    };
  }, [id]);
  const save = async (): Promise<void> => {
    setBusy(true);
    const channels = value === 'all' ? value : [...value];
    const refused = await onConnections((connections) => connections.change({ id, channels }));
    setBusy(false);
    if (refused) setProblem(refused);
    else onClose();
  };
  return (
    <section className="change-channels" aria-label={`Channels of ${connection.name}`}>
      {problem && <ProblemNote problem={problem} />}
      {!choices && !problem && <p className="faint">Asking the broker for its channels…</p>}
      {choices && <ChannelPicker choices={choices} value={value} onChange={setValue} />}
      <div className="form-actions">
        <Button look="main" busy={busy} disabled={!choices || value.length === 0} onClick={() => void save()}>
          Save
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </section>
  );
}
