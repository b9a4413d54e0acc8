import { create } from 'zustand';
import type { CaptureJob, MaskInput, Problem } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';

interface CapturesState {
  /** The capture that this page asked for; the engine may have written others. */
  readonly job?: CaptureJob;
  /** Why it could not even begin. */
  readonly refused?: Problem;
}

export const useCaptures = create<CapturesState>(() => ({}));

/** Asks how it is; while it is being written, again four times a second. */
const follow = coalesce(async () => {
  const { job } = useCaptures.getState();
  if (job?.state !== 'running') return;
  try {
    const now = (await engine().captures.list()).find(({ id }) => id === job.id);
    // It was put away, or cancelled, while the answer was under way.
    if (useCaptures.getState().job?.id !== job.id || useCaptures.getState().job?.state !== 'running') return;
    useCaptures.setState({ job: now ?? { ...job, state: 'failed', problem: lost } });
    if (now?.state === 'done') fetchFile(now);
  } catch {
    // The link is down: asked again, until it is back or the engine has forgotten.
  }
  follow();
}, 250);

const lost: Problem = {
  code: 'lost',
  message: 'The capture was not finished: the engine was started anew.',
  remedy: 'Save it again; what was recorded is still there.',
};

/** Has all that is recorded written into a file, which the browser then fetches by itself. */
export async function saveCapture(name: string, mask: MaskInput): Promise<void> {
  useCaptures.setState({ job: undefined, refused: undefined });
  try {
    const { id } = await engine().captures.save({ name, mask });
    useCaptures.setState({ job: { id, name, state: 'running', written: 0, total: 0 } });
    follow();
  } catch (error) {
    useCaptures.setState({ refused: asProblem(error) });
  }
}

export async function cancelCapture(): Promise<void> {
  const { job } = useCaptures.getState();
  if (job?.state !== 'running') return;
  useCaptures.setState({ job: { ...job, state: 'cancelled' } });
  try {
    await engine().captures.cancel({ id: job.id });
  } catch (error) {
    useCaptures.setState({ refused: asProblem(error) });
  }
}

/** Forgets the outcome: the next capture begins with an empty form. */
export function putCaptureAway(): void {
  const { job } = useCaptures.getState();
  if (job?.state !== 'running') useCaptures.setState({ job: undefined, refused: undefined });
}

/** Where a capture that is done can be fetched. */
export function captureAddress({ id }: CaptureJob): string {
  return `/captures/${encodeURIComponent(id)}`;
}

function fetchFile(job: CaptureJob): void {
  const link = document.createElement('a');
  link.href = captureAddress(job);
  link.download = job.name;
  link.click();
}
