import type { PageClient } from '../../rpc/link.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { StateWord } from '../../widgets/state-word.tsx';
import { systemTitle } from '../../widgets/system-mark.tsx';
import { ChannelPicker } from './channel-picker.tsx';
import type { ChannelSelection } from './channel-picker.tsx';

export type Tested = Awaited<ReturnType<PageClient['connections']['test']>>;

interface TestResultProps {
  readonly tested: Tested;
  readonly channels: ChannelSelection;
  onChannels(channels: ChannelSelection): void;
}

/** What a test found: the channels, and everything that connecting would change, before it does. */
export function TestResult({ tested, channels, onChannels }: TestResultProps) {
  if (!tested.ok) return <ProblemNote problem={tested.problem} />;
  return (
    <section className="test-result" aria-label="Result of the test">
      <StateWord icon="check" tone="good" word={`${systemTitle(tested.system)} answers`} />
      {tested.notes.map((note) => (
        <p key={note} className="faint">
          {note}
        </p>
      ))}
      <SideEffects effects={tested.sideEffects} />
      <ChannelPicker choices={tested.channels} value={channels} onChange={onChannels} />
    </section>
  );
}

interface SideEffectsProps {
  readonly effects: readonly {
    readonly type: string;
    readonly target: string;
    readonly description: string;
  }[];
}

function SideEffects({ effects }: SideEffectsProps) {
  if (effects.length === 0)
    return (
      <p className="side-effects-none">
        <Icon name="check" size={14} /> Connecting changes nothing on the broker.
      </p>
    );
  return (
    <div className="side-effects">
      <p>Headwater will, and undoes it on disconnect:</p>
      <ul>
        {effects.map(({ type, target, description }) => (
          <li key={`${type} ${target}`}>
            {description} <code>{target}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
