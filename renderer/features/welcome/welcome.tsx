import { useState } from 'react';
import type { Problem } from '../../../app/contract/page.ts';
import { openLiveDemo } from '../../state/demo.ts';
import { navigate } from '../../state/route.ts';
import { openFiles } from '../../state/uploads.ts';
import { Button } from '../../widgets/button.tsx';
import { FileButton } from '../../widgets/file-button.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import './welcome.css';

/** The three ways to begin; the demo first, since it needs nothing. */
export function StartButtons() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const pressDemo = async (): Promise<void> => {
    setBusy(true);
    setProblem(await openLiveDemo());
    setBusy(false);
  };
  return (
    <div className="start-ways">
      <div className="start-buttons">
        <Button look="main" className="tall" icon="pulse" busy={busy} onClick={() => void pressDemo()}>
          Open the live demo
        </Button>
        <Button className="tall" icon="plug" onClick={() => navigate({ view: 'connections', adding: true })}>
          Connect to a broker
        </Button>
        <FileButton onFiles={(files) => void openFiles(files)}>Open a file</FileButton>
      </div>
      <p className="start-note">
        The demo is a made-up shop in which order 12345 is stuck. It needs no broker and installs nothing.
      </p>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

/** What a newcomer sees: what this is, and how to begin. */
export function Welcome() {
  return (
    <section className="welcome">
      <Flow />
      <h1>Trace every event back to its source</h1>
      <p>
        Headwater reads along on the brokers that your services already use, works out which events belong
        together and which caused which, and shows with what proof.
      </p>
      <StartButtons />
      <ul>
        <li>
          <b>It only reads.</b> What connecting would change on a broker, and what that costs there, is listed
          before it happens, and taken back on disconnect.
        </li>
        <li>
          <b>It stays on this machine.</b> Events and passwords go nowhere else.
        </li>
        <li>
          <b>Files too.</b> A capture (.hwcap) or message lines (.ndjson) can be dropped anywhere on this
          page.
        </li>
      </ul>
    </section>
  );
}

/** The picture of the idea: one flow over three brokers, solid where proven, dashed where inferred. */
function Flow() {
  return (
    <svg className="welcome-flow" viewBox="0 0 520 132" aria-hidden="true">
      <g className="welcome-lines">
        <path d="M92 66h52" />
        <path d="M228 66h22q8 0 8-8V38q0-8 8-8h26" />
        <path className="dashed" d="M228 66h22q8 0 8 8v20q0 8 8 8h26" />
        <path d="M376 30h22q8 0 8 8v20q0 8 8 8h14" />
      </g>
      {[
        { x: 8, y: 48, hue: 'kafka', width: 84 },
        { x: 144, y: 48, hue: 'kafka', width: 84 },
        { x: 292, y: 12, hue: 'rabbitmq', width: 84 },
        { x: 292, y: 84, hue: 'redis', width: 84 },
        { x: 428, y: 48, hue: 'redis', width: 84 },
      ].map(({ x, y, hue, width }) => (
        <g key={`${x} ${y}`} transform={`translate(${x} ${y})`} className={`welcome-chip ${hue}`}>
          <rect width={width} height="36" rx="6" />
          <rect x="5" y="10" width="4" height="16" rx="2" className="hue" />
          <rect x="17" y="10" width="46" height="5" rx="2.5" className="words" />
          <rect x="17" y="21" width="30" height="5" rx="2.5" className="words faint" />
        </g>
      ))}
    </svg>
  );
}
