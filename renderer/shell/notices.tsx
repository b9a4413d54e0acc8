import { useEngine } from '../state/engine-state.ts';
import { Icon } from '../widgets/icon.tsx';

/** What concerns everything on the page: the engine is away, refuses us, or has something to say. */
export function Notices() {
  const phase = useEngine((state) => state.phase);
  const process = useEngine((state) => state.process);
  const warnings = useEngine((state) => state.warnings);
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
      {warnings.map((warning) => (
        <p key={warning} className="notice warn">
          <Icon name="alert" />
          <span>{warning}</span>
        </p>
      ))}
    </div>
  );
}
