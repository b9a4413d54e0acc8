import { useState } from 'react';
import type { ConnectionDto, Problem } from '../../../app/contract/page.ts';
import { onConnections } from '../../state/connections.ts';
import { Button } from '../../widgets/button.tsx';
import { Field } from '../../widgets/field.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { joinSecret } from './connection-url.ts';

/** Asks for a password that was kept in memory only and is gone. */
export function PasswordAgain({ connection: { id, url, name } }: { readonly connection: ConnectionDto }) {
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = async (): Promise<void> => {
    setBusy(true);
    const refused = await onConnections(async (connections) => {
      await connections.change({ id, url: joinSecret(url, secret) });
      await connections.connect({ id });
    });
    setBusy(false);
    setSecret('');
    setProblem(refused);
  };
  return (
    <form
      className="password-again"
      aria-label={`Sign in to ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (secret !== '') void send();
      }}
    >
      <Field
        label="Password"
        type="password"
        autoComplete="off"
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
        help="No key store of the system has kept it, and it is gone since the engine started anew."
      />
      <Button type="submit" look="main" busy={busy} disabled={secret === ''}>
        Connect
      </Button>
      {problem && <ProblemNote problem={problem} />}
    </form>
  );
}
