import type { ReactNode } from 'react';
import { useConnections } from '../../state/connections.ts';
import { navigate } from '../../state/route.ts';
import { openFiles } from '../../state/uploads.ts';
import { Button } from '../../widgets/button.tsx';
import { FileButton } from '../../widgets/file-button.tsx';
import { count } from '../../widgets/format.ts';
import { ConnectionCard } from './connection-card.tsx';
import { ConnectionForm } from './connection-form.tsx';
import '../../widgets/view.css';
import './connections.css';

interface ConnectionsViewProps {
  /** The form to add one is open. */
  readonly adding: boolean;
  /** How to begin where there is none. */
  readonly start: ReactNode;
}

/** What Headwater reads from, and how that goes. */
export function ConnectionsView({ adding, start }: ConnectionsViewProps) {
  const ids = useConnections((state) => state.ids);
  if (adding) return <ConnectionForm />;
  return (
    <section className="connections" aria-busy={ids === undefined}>
      <header className="view-bar">
        <h1>Connections</h1>
        {ids && ids.length > 0 && <span className="view-count">{count(ids.length)}</span>}
        <FileButton className="push" onFiles={(files) => void openFiles(files)}>
          Open a file
        </FileButton>
        <Button look="main" icon="plus" onClick={() => navigate({ view: 'connections', adding: true })}>
          Add connection
        </Button>
      </header>
      <div className="connection-list">
        {ids?.map((id) => (
          <ConnectionCard key={id} id={id} />
        ))}
        {ids?.length === 0 && (
          <div className="blank">
            <h2>No connection yet</h2>
            <p>Connect to a broker to read along, or open a file that was recorded elsewhere.</p>
            {start}
          </div>
        )}
        {!ids &&
          [0, 1].map((index) => <div key={index} className="connection skeleton tall" aria-hidden="true" />)}
      </div>
    </section>
  );
}
