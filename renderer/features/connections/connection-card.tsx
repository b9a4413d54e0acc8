import { useState } from 'react';
import type { ConnectionDto, Problem } from '../../../app/contract/page.ts';
import { onConnections, useConnections } from '../../state/connections.ts';
import { useEngine } from '../../state/engine-state.ts';
import { Button } from '../../widgets/button.tsx';
import { Confirm } from '../../widgets/confirm.tsx';
import { counted, rate } from '../../widgets/format.ts';
import { maskWords } from '../../widgets/mask-fields.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { StateWord } from '../../widgets/state-word.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import { ChangeChannels } from './change-channels.tsx';
import { Alerts, ChannelStates, Held } from './connection-facts.tsx';
import { FileFacts } from './file-facts.tsx';
import { PasswordAgain } from './password-again.tsx';

const phases = {
  connecting: { icon: 'again', word: 'Connecting', tone: 'accent', busy: true },
  live: { icon: 'dot', word: 'Live', tone: 'good' },
  reconnecting: { icon: 'again', word: 'Reconnecting', tone: 'warn', busy: true },
  failed: { icon: 'alert', word: 'Failed', tone: 'bad' },
  disconnected: { icon: 'stop', word: 'Disconnected', tone: 'plain' },
  done: { icon: 'check', word: 'Read to its end', tone: 'plain' },
} as const;

/** The engine is away: what it said last may be long over. */
const unknown = { icon: 'half', word: 'Not known', tone: 'plain' } as const;
const reading = { icon: 'again', word: 'Reading', tone: 'accent', busy: true } as const;

/** One connection: how it fares, what it reads, what it misses, what it holds on the broker, what can be done. */
export function ConnectionCard({ id }: { readonly id: string }) {
  const connection = useConnections((state) => state.byId.get(id));
  const away = useEngine((state) => state.phase === 'lost' || state.phase === 'refused');
  const [problem, setProblem] = useState<Problem>();
  const [choosing, setChoosing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [notRemoved, setNotRemoved] = useState<Problem>();
  if (!connection) return null;
  const { name, system, url, phase, events, active } = connection;
  const masked = maskWords(connection.mask);
  const on = phase === 'live' || phase === 'connecting' || phase === 'reconnecting';
  // A password that was refused can be typed again, as one that is gone.
  const asksPassword = connection.needsSecret || connection.problem?.code === 'authentication';
  const act = (call: Parameters<typeof onConnections>[0]): void => {
    void onConnections(call).then(setProblem);
  };
  const remove = (anyway: boolean): void => {
    void onConnections((connections) =>
      connections.remove({ id, anyway, withRecorded: system === 'demo' }),
    ).then(setNotRemoved);
  };
  return (
    <article className="connection" aria-label={name}>
      <header>
        <SystemMark system={system} />
        <h2 className="ellipsis">{name}</h2>
        {away ? (
          <StateWord {...unknown} title={`${phases[phase].word} when the engine was last heard`} />
        ) : (
          <StateWord {...(system === 'file' && on ? reading : phases[phase])} />
        )}
        <code className="connection-url ellipsis" title={url}>
          {url}
        </code>
        <span className="connection-rate">
          {phase === 'live' && !away && system !== 'file' && `${rate(connection.rate)} · `}
          {counted(events, 'event')}
        </span>
      </header>
      <div className="connection-body">
        {connection.problem && <ProblemNote problem={connection.problem} />}
        {problem && <ProblemNote problem={problem} />}
        {notRemoved && !on && (
          <ProblemNote problem={notRemoved}>
            <Button look="danger" onClick={() => remove(true)}>
              Remove anyway
            </Button>
          </ProblemNote>
        )}
        {asksPassword && <PasswordAgain connection={connection} />}
        {system === 'file' ? (
          <FileFacts connection={connection} />
        ) : (
          <p className="connection-scope">
            {scope(connection)}
            {connection.secretIn === 'memory' &&
              ' Its password is held in memory only, until Headwater ends.'}
          </p>
        )}
        {masked && (
          <p className="connection-scope">
            Masked before it is written: <code>{masked}</code>
          </p>
        )}
        {active.length > 0 && <ChannelStates channels={active} />}
        <Held effects={connection.sideEffects} left={!on} />
        <Alerts alerts={connection.alerts} />
        {choosing && <ChangeChannels connection={connection} onClose={() => setChoosing(false)} />}
      </div>
      <footer>
        {system === 'file' && on && (
          <Button icon="stop" onClick={() => act((connections) => connections.disconnect({ id }))}>
            Stop reading
          </Button>
        )}
        {system !== 'file' &&
          (on ? (
            <Button onClick={() => act((connections) => connections.disconnect({ id }))}>Disconnect</Button>
          ) : (
            <Button
              disabled={connection.needsSecret}
              onClick={() => act((connections) => connections.connect({ id }))}
            >
              Connect
            </Button>
          ))}
        {system !== 'file' && (
          <Button disabled={phase !== 'live' || choosing} onClick={() => setChoosing(true)}>
            Choose channels
          </Button>
        )}
        <Button look="danger" className="push" onClick={() => setRemoving(true)}>
          Remove
        </Button>
      </footer>
      <Confirm
        open={removing}
        title={`Remove ${name}?`}
        action="Remove"
        onConfirm={() => remove(false)}
        onClose={() => setRemoving(false)}
      >
        {system === 'demo'
          ? 'The shop closes, and what it played is removed, unless events of something else were recorded beside it.'
          : system === 'file'
            ? 'Headwater stops reading the file and forgets it; the file itself is not touched.'
            : 'Headwater disconnects, takes back what it holds on the broker and forgets the connection and its password.'}
        {system !== 'demo' && ' What was recorded stays.'}
      </Confirm>
    </article>
  );
}

/** What it reads, in a sentence. */
function scope({ system, channels, from }: ConnectionDto): string {
  if (system === 'demo') {
    return 'This is a demo, not a broker: a made-up shop of seven services, played by Headwater itself. Nothing is contacted.';
  }
  const which =
    channels === 'all' ? 'All channels, also future ones' : counted(channels.length, 'chosen channel');
  const since =
    from === 'earliest'
      ? 'from the earliest that the broker keeps'
      : from === 'latest'
        ? 'from the moment it was connected'
        : `since ${new Date(from).toLocaleString()}`;
  return `${which}, ${since}.`;
}
