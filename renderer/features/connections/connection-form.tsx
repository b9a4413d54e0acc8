import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../../app/contract/page.ts';
import { engine } from '../../rpc/engine.ts';
import { asProblem } from '../../rpc/problem.ts';
import { onConnections, useConnections } from '../../state/connections.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { navigate } from '../../state/route.ts';
import { Button } from '../../widgets/button.tsx';
import { Field } from '../../widgets/field.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { maskOf, noMask } from '../../widgets/mask-fields.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import type { ChannelSelection } from './channel-picker.tsx';
import { joinSecret, nameFor, protocolOf, splitSecret } from './connection-url.ts';
import { MaskChoice } from './mask-choice.tsx';
import { StartFrom } from './start-from.tsx';
import type { From } from './start-from.tsx';
import { TestResult } from './test-result.tsx';
import type { Tested } from './test-result.tsx';
import { UrlOptions } from './url-options.tsx';

/** Adds a connection: a URL, a look at what is there and what it would cost, a choice. */
export function ConnectionForm() {
  const kinds = useConnections((state) => state.kinds);
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const [typedName, setTypedName] = useState<string>();
  const [channels, setChannels] = useState<ChannelSelection>('all');
  const [from, setFrom] = useState<From>('latest');
  const [mask, setMask] = useState(noMask);
  /** The outcome of the last test, and the URL that it was of. */
  const [tested, setTested] = useState<{ outcome: Tested; of: string }>();
  const [busy, setBusy] = useState<'test' | 'connect'>();
  const [problem, setProblem] = useState<Problem>();
  /** Connect was pressed before a test: what it would change must be seen first. */
  const [held, setHeld] = useState(false);

  const result = useRef<HTMLDivElement>(null);
  const showResult = (): void => {
    // What is shown is on the page with the next frame.
    requestAnimationFrame(() => {
      result.current?.scrollIntoView({ block: 'start' });
    });
  };
  const urlField = useRef<HTMLInputElement>(null);
  // Braces, since a browser's focus() may return a promise, which React would take for the effect's clean-up.
  useEffect(() => {
    urlField.current?.focus();
  }, []);

  const kind = kinds.find(({ protocols }) => protocols.includes(protocolOf(url)));
  const name = typedName ?? nameFor(url, kind?.title);
  const sent = joinSecret(url.trim(), secret);
  const current = tested?.of === sent ? tested.outcome : undefined;

  const changeUrl = (typed: string): void => {
    const split = splitSecret(typed);
    if (split.secret !== undefined) setSecret(split.secret);
    if (protocolOf(split.url) !== protocolOf(url)) setChannels('all');
    setUrl(split.url);
    setHeld(false);
    setProblem(undefined);
  };
  const test = async (): Promise<Tested> => {
    let outcome: Tested;
    try {
      outcome = await engine().connections.test({ url: sent });
    } catch (error) {
      outcome = { ok: false, problem: asProblem(error) };
    }
    setTested({ outcome, of: sent });
    showResult();
    return outcome;
  };
  const pressTest = async (): Promise<void> => {
    setBusy('test');
    setHeld(false);
    await test();
    setBusy(undefined);
  };
  const pressConnect = async (): Promise<void> => {
    setBusy('connect');
    const outcome = current ?? (await test());
    const unseen = !current && outcome.ok && outcome.sideEffects.length > 0;
    if (unseen || (!current && !outcome.ok)) {
      setHeld(unseen);
      setBusy(undefined);
      return;
    }
    const input = {
      name: name.trim(),
      url: sent,
      channels: channels === 'all' ? channels : [...channels],
      from,
      mask: maskOf(mask),
    };
    const refused = await onConnections((connections) => connections.add(input));
    setBusy(undefined);
    if (refused) {
      setProblem(refused);
      showResult();
    } else navigate({ view: 'connections', adding: false });
  };

  return (
    <form
      className="connection-form"
      aria-labelledby="connect-title"
      onSubmit={(event) => {
        event.preventDefault();
        if (url !== '' && !busy) void pressTest();
      }}
    >
      <header className="view-bar">
        <RouteLink
          to={{ view: 'connections', adding: false }}
          className="form-back"
          aria-label="Back to the connections"
        >
          <Icon name="left" size={14} />
        </RouteLink>
        <h1 id="connect-title">Connect to a broker</h1>
      </header>
      <div className="form-body">
        <Field
          label="URL"
          ref={urlField}
          spellCheck={false}
          autoComplete="off"
          className="url-field"
          placeholder="kafka://host:9092"
          value={url}
          onChange={(event) => changeUrl(event.target.value)}
          help={
            kind || url === ''
              ? undefined
              : protocolHelp(
                  url,
                  kinds.flatMap(({ protocols }) => protocols),
                )
          }
        />
        <div className="url-examples" role="group" aria-label="Examples">
          {kinds.map(({ system, title, example }) => (
            <button
              key={system}
              type="button"
              className="url-example"
              onClick={() => changeUrl(splitSecret(example).url)}
            >
              <SystemMark system={system} silent />
              <span className="visually-hidden">{title}: </span>
              <code>{splitSecret(example).url}</code>
            </button>
          ))}
        </div>
        <div className="form-pair">
          <Field
            label="Password"
            type="password"
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
            help="Goes to the engine once and is never shown again."
          />
          <Field
            label="Name"
            autoComplete="off"
            value={name}
            onChange={(event) => setTypedName(event.target.value === '' ? undefined : event.target.value)}
          />
        </div>
        <StartFrom value={from} onChange={setFrom} />
        <MaskChoice value={mask} onChange={setMask} />
        {kind && <UrlOptions key={kind.system} schema={kind.options} url={url} onUrl={changeUrl} />}
        <div ref={result} className="form-outcome">
          {current && <TestResult tested={current} channels={channels} onChannels={setChannels} />}
          {problem && <ProblemNote problem={problem} />}
        </div>
      </div>
      <footer className="form-actions">
        <Button
          look={current?.ok ? 'plain' : 'main'}
          busy={busy === 'test'}
          disabled={url === ''}
          onClick={() => void pressTest()}
        >
          Test connection
        </Button>
        <Button
          look={current?.ok ? 'main' : 'plain'}
          busy={busy === 'connect'}
          disabled={url === '' || channels.length === 0}
          onClick={() => void pressConnect()}
        >
          Connect
        </Button>
        {held && (
          <p className="form-held" role="alert">
            <Icon name="info" /> Connecting changes what is listed above. Press Connect again to go ahead.
          </p>
        )}
        {channels.length === 0 && <span className="channel-note">Choose at least one channel.</span>}
      </footer>
    </form>
  );
}

function protocolHelp(url: string, protocols: readonly string[]): string | undefined {
  if (protocols.some((protocol) => `${protocol}://`.startsWith(url.toLowerCase()))) return undefined;
  return `A URL begins with one of ${protocols.map((protocol) => `${protocol}://`).join(', ')}.`;
}
