import type { CaptureJob } from '../contract/page.ts';
import type { Mask } from '../model/mask.ts';

export type { CaptureJob } from '../contract/page.ts';

/** Writing what was recorded into files, in the background. */
export interface Captures {
  /** Answers with its id at once. @throws ConnectionError when it cannot begin. */
  save(request: { readonly name: string; readonly mask: Mask }): string;
  /** Newest first. */
  list(): CaptureJob[];
  cancel(id: string): void;
}
