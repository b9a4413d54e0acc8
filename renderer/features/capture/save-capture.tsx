import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef, useState } from 'react';
import { engine } from '../../rpc/engine.ts';
import {
  cancelCapture,
  captureAddress,
  putCaptureAway,
  saveCapture,
  useCaptures,
} from '../../state/captures.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import '../../widgets/dialog.css';
import { Field } from '../../widgets/field.tsx';
import { bytes, count, counted, period } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { MaskFields, maskOf, noMask } from '../../widgets/mask-fields.tsx';
import { Note, ProblemNote } from '../../widgets/problem-note.tsx';
import { Progress } from '../../widgets/progress.tsx';
import './capture.css';

interface SaveCaptureProps {
  readonly open: boolean;
  onClose(): void;
}

/** What is recorded, as the engine tells when the dialog opens. */
interface Recorded {
  readonly events: number;
  readonly first?: number;
  readonly last?: number;
  /** When this was asked. */
  readonly at: number;
}

/** Saves all that is recorded into a file. Closing it while it writes lets it write on. */
export function SaveCapture({ open, onClose }: SaveCaptureProps) {
  const popup = useRef<HTMLDivElement>(null);
  const close = (): void => {
    putCaptureAway();
    onClose();
  };
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-scrim" />
        <Dialog.Popup
          ref={popup}
          className="dialog capture"
          // Else Enter would close what Enter has opened.
          initialFocus={() =>
            popup.current?.querySelector<HTMLElement>('input, .dialog-actions .main') ?? true
          }
        >
          <Dialog.Title className="dialog-title">Save capture</Dialog.Title>
          <Dialog.Close render={<IconButton icon="cross" label="Close" className="capture-close" />} />
          <Body onClose={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Mounted with each opening: what is recorded is asked anew. */
function Body({ onClose }: { onClose(): void }) {
  const job = useCaptures((state) => state.job);
  const refused = useCaptures((state) => state.refused);
  const [recorded, setRecorded] = useState<Recorded>();
  const [name, setName] = useState(() => usualName(new Date()));
  const [mask, setMask] = useState(noMask);
  useEffect(() => {
    let gone = false;
    engine()
      .info()
      .then(({ events, first, last }) => {
        if (!gone) setRecorded({ events, first, last, at: Date.now() });
      })
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, []);

  if (job?.state === 'running') {
    const { written, total } = job;
    return (
      <>
        <div className="capture-progress">
          <Progress
            label={`Writing ${job.name}`}
            part={total === 0 || written >= total ? undefined : written / total}
          />
          <p role="status">{writtenSoFar(written, total)}</p>
        </div>
        <p className="dialog-text">Recording goes on meanwhile. The download starts by itself.</p>
        <div className="dialog-actions">
          <Button icon="stop" onClick={() => void cancelCapture()}>
            Cancel
          </Button>
          <Button onClick={onClose}>Go on in the background</Button>
        </div>
      </>
    );
  }
  if (job?.state === 'done') {
    return (
      <>
        <p className="capture-done" role="status">
          <Icon name="check" />
          <span>
            <b>Saved{job.bytes === undefined ? '' : `, ${bytes(job.bytes)}`}.</b> Your browser downloads{' '}
            {job.name}; the engine keeps its copy for an hour.
          </span>
        </p>
        <div className="dialog-actions">
          <a className="button plain" href={captureAddress(job)} download={job.name}>
            Download again
          </a>
          <Button look="main" onClick={onClose}>
            Close
          </Button>
        </div>
      </>
    );
  }
  const nothing = recorded?.events === 0;
  return (
    <form
      className="capture-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!nothing) void saveCapture(name, maskOf(mask));
      }}
    >
      <p className="dialog-text capture-holds">{holds(recorded)}</p>
      {job?.state === 'cancelled' && <Note>Cancelled; nothing was saved.</Note>}
      {job?.problem && <ProblemNote problem={job.problem} />}
      {refused && <ProblemNote problem={refused} />}
      <Field
        label="File name"
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Note tone="warn">
        <p className="note-text">
          Payloads may hold personal data and secrets. Whoever has the file can read them: mask what must not
          leave.
        </p>
      </Note>
      <MaskFields value={mask} onChange={setMask} />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="main" type="submit" icon="save" disabled={nothing || name.trim() === ''}>
          Save capture
        </Button>
      </div>
    </form>
  );
}

function writtenSoFar(written: number, total: number): string {
  if (total === 0) return 'Beginning…';
  return written < total
    ? `${count(written)} of ${counted(total, 'event')} written`
    : `All ${counted(total, 'event')} written; deliveries follow, then the file is closed…`;
}

/** What will be in the file. The size is a guess from what events usually take, and says so. */
function holds(recorded: Recorded | undefined): string {
  if (!recorded) return 'Asking what is recorded…';
  const { events, first, last, at } = recorded;
  if (events === 0) return 'Nothing is recorded yet: there is nothing to save.';
  const when = first === undefined || last === undefined ? '' : `, ${period(first, last, at)}`;
  return (
    `All that is recorded: ${counted(events, 'event')}${when}, with deliveries, topology, traces and what was ` +
    `not read. About ${bytes(events * usualBytes)}; more where payloads are large.`
  );
}

/** An event in a capture, bytes: orders of 300 to 500 bytes, packed. */
const usualBytes = 180;

function usualName(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `headwater-${day}-${two(now.getHours())}${two(now.getMinutes())}.hwcap`;
}
