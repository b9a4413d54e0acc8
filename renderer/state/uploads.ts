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
    readonly problem?: Problem;
    cancel(): void;
  };
}

/** The file that is being opened, or why it could not be. */
export const useUploads = create<UploadState>(() => ({}));

/** Sends a capture or message lines to the engine and goes to the traces. One at a time: a new one replaces it. */
export async function openFile(file: File): Promise<void> {
  useUploads.getState().upload?.cancel();
  const { done, cancel } = uploadFile(file, (part) => {
    const { upload } = useUploads.getState();
    if (upload?.cancel === cancel) useUploads.setState({ upload: { ...upload, part } });
  });
  useUploads.setState({ upload: { name: file.name, part: 0, cancel } });
  const outcome = await done;
  const { upload } = useUploads.getState();
  if (upload?.cancel !== cancel) return;
  if (outcome === 'cancelled') return closeUpload();
  if ('problem' in outcome) {
    useUploads.setState({ upload: { ...upload, problem: outcome.problem } });
    return;
  }
  closeUpload();
  loadConnections();
  navigate({ view: 'traces', query: '' });
}

export function closeUpload(): void {
  useUploads.setState({ upload: undefined });
}
