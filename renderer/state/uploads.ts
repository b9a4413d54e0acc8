import { create } from 'zustand';
import type { Problem } from '../../app/contract/page.ts';
import { uploadFile } from '../rpc/upload.ts';
import { loadConnections } from './connections.ts';
import { navigate } from './route.ts';

interface UploadState {
  readonly upload?: {
    readonly name: string;
    /** 0 to 1. */
    readonly part: number;
    cancel(): void;
  };
  /** How many more are opened after it. */
  readonly waiting: number;
  /** Those that could not be opened, until the reader has put that away. */
  readonly refused: readonly { readonly name: string; readonly problem: Problem }[];
}

/** The file that is being opened, those that come after it, and why others could not be. */
export const useUploads = create<UploadState>(() => ({ waiting: 0, refused: [] }));

const queue: File[] = [];

/** Sends captures or message lines to the engine, one after the other, and goes to the traces. */
export async function openFiles(files: Iterable<File>): Promise<void> {
  queue.push(...files);
  useUploads.setState({ waiting: queue.length });
  if (useUploads.getState().upload) return;
  let moved = false;
  for (let file = queue.shift(); file; file = queue.shift()) {
    const opened = await send(file);
    // Once: whoever went on reading meanwhile is not taken back.
    if (opened && !moved) navigate({ view: 'traces', query: '' });
    moved ||= opened;
  }
}

/** Sends one; answers whether the engine has taken it. */
async function send(file: File): Promise<boolean> {
  const { name } = file;
  const { done, cancel } = uploadFile(file, (part) => {
    useUploads.setState(({ upload }) => (upload ? { upload: { ...upload, part } } : {}));
  });
  useUploads.setState({ upload: { name, part: 0, cancel }, waiting: queue.length });
  const outcome = await done;
  useUploads.setState({ upload: undefined });
  if (outcome === 'cancelled') return false;
  if ('problem' in outcome) {
    const { problem } = outcome;
    useUploads.setState(({ refused }) => ({ refused: [...refused, { name, problem }] }));
    return false;
  }
  loadConnections();
  return true;
}

/** Puts away that files could not be opened. */
export function forgetRefused(): void {
  useUploads.setState({ refused: [] });
}
