import { useState } from 'react';
import { useConnections } from '../state/connections.ts';
import { useEngine } from '../state/engine-state.ts';
import { useRoute } from '../state/route.ts';
import { IconButton } from '../widgets/button.tsx';
import { Icon } from '../widgets/icon.tsx';

/** What concerns everything on the page: the engine is away, refuses us, or has something to say,
 * or a file could not be read.  */
export function Notices() {
  const phase = useEngine((state) => state.phase);
  const process = useEngine((state) => state.process);
  const warnings = useEngine((state) => state.warnings);
  const byId = useConnections((state) => state.byId);
  const view = useRoute((state) => state.route.view);
  // A card of the connections says it too, and can remove it.
  const files = view === 'connections' ? [] : [...byId.values()].filter(({ system }) => system === 'file');
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const dismiss = (what: string): void => setDismissed((before) => new Set([...before, what]));
  return (
    <div className="notices" aria-live="polite">
      {process?.phase === 'restarting' && (
        <p className="notice warn">
          <Icon name="alert" />
          <span>
            <b>The engine is not running; it is started again…</b> {process.message} What you see is from
            before.
          </span>
        </p>
      )}
      {phase === 'lost' && !process && (
        <p className="notice warn">
          <Icon name="alert" />
          <span>
            <b>Lost the engine, reconnecting…</b> What you see is from before. If it does not come back, see
            whether the headwater command still runs.
          </span>
        </p>
      )}
      {phase === 'refused' && (
        <p className="notice bad">
          <Icon name="alert" />
          <span>
            <b>The engine does not know this page.</b> It was started anew, or the address was opened without
            its key: open the URL that the headwater command printed.
          </span>
        </p>
      )}
      {files.map(
        ({ id, problem }) =>
          problem &&
          !dismissed.has(id) && (
            <p key={id} className="notice bad">
              <Icon name="alert" />
              <span>
                <b>{problem.message}</b> {problem.remedy}
              </span>
              <IconButton icon="cross" label="Dismiss" onClick={() => dismiss(id)} />
            </p>
          ),
      )}
      {warnings.map(
        (warning) =>
          !dismissed.has(warning) && (
            <p key={warning} className="notice warn">
              <Icon name="alert" />
              <span>{warning}</span>
              <IconButton icon="cross" label="Dismiss" onClick={() => dismiss(warning)} />
            </p>
          ),
      )}
    </div>
  );
}
