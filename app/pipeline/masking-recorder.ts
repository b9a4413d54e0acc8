import type { Mask } from '../model/mask.ts';
import { ConnectionError } from '../model/source.ts';
import { createMasker, type Masker } from './mask.ts';
import { MaskPathError } from './mask-path.ts';
import type { Recorder } from './recorder.ts';

/** A recorder that masks what each connection wants masked, before anything else sees it. */
export interface MaskingRecorder extends Recorder {
  /** What is masked from now on. @throws ConnectionError for a path that is none. */
  mask(connection: string, mask: Mask | undefined): void;
  /** From now on nothing of it is recorded: what was to be masked is not known. */
  refuse(connection: string, why: unknown): void;
}

export function createMaskingRecorder(recorder: Recorder): MaskingRecorder {
  const maskers = new Map<string, Masker>();
  const refused = new Map<string, unknown>();
  return {
    ...recorder,
    async record(connection, items, options) {
      if (refused.has(connection)) throw refused.get(connection);
      await recorder.record(connection, maskers.get(connection)?.items(items) ?? items, options);
    },
    mask(connection, mask) {
      const masker = maskerOf(mask);
      refused.delete(connection);
      if (masker) maskers.set(connection, masker);
      else maskers.delete(connection);
    },
    refuse(connection, why) {
      refused.set(connection, why);
    },
  };
}

/** @throws ConnectionError for a path that is none, with what the user can do. */
export function maskerOf(mask: Mask | undefined): Masker | undefined {
  try {
    return createMasker(mask);
  } catch (error) {
    if (!(error instanceof MaskPathError)) throw error;
    throw new ConnectionError(
      'invalid-options',
      error.message,
      'Fields to mask are written as customer.email, items[].card or *.password.',
    );
  }
}
