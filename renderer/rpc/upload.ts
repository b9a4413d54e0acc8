import type { Problem } from '../../app/contract/page.ts';
import { desktop } from './desktop.ts';

export interface Upload {
  readonly done: Promise<{ id: string } | { problem: Problem } | 'cancelled'>;
  cancel(): void;
}

/**
 * Sends a file to the engine as it is (POST /files, its name in a header). `progress` is called with 0 to 1. fetch
 * cannot tell how much was sent, hence XMLHttpRequest.
 */
export function uploadFile(file: File, progress: (part: number) => void): Upload {
  // On the same machine its path is enough.
  if (desktop) return { done: desktop.openFile(file), cancel: () => undefined };
  const request = new XMLHttpRequest();
  const done = new Promise<{ id: string } | { problem: Problem } | 'cancelled'>((resolve) => {
    request.open('POST', '/files');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total);
    });
    request.addEventListener('load', () =>
      resolve(readAnswer(request.status, request.responseText, file.name)),
    );
    request.addEventListener('abort', () => resolve('cancelled'));
    request.addEventListener('error', () =>
      resolve({
        problem: {
          code: 'lost',
          message: `${file.name} could not be sent to the engine.`,
          remedy: 'See whether the headwater command still runs, then open the file again.',
        },
      }),
    );
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

/** The answer of POST /files: an id, or a problem with its remedy, or whatever stands between. */
export function readAnswer(
  status: number,
  body: string,
  fileName: string,
): { id: string } | { problem: Problem } {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = undefined;
  }
  const said = new Map<string, unknown>(Object.entries(typeof answer === 'object' && answer ? answer : {}));
  const id = said.get('id');
  if (status < 300 && (typeof id === 'string' || typeof id === 'number')) return { id: String(id) };
  const text = (name: string): string | undefined => {
    const value = said.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    problem: {
      code: text('code') ?? `http-${status}`,
      message:
        text('message') ??
        `${fileName} was not opened: ${plainReason(body) ?? `the engine answered ${status}`}.`,
      remedy:
        text('remedy') ??
        (status === 413
          ? 'The file is larger than the engine takes: import it with `headwater import`.'
          : 'Open a capture (.hwcap) or message lines (.ndjson).'),
    },
  };
}

/** What a server says in plain words, where it says no more than a sentence or two. */
function plainReason(body: string): string | undefined {
  const words = body.trim().replace(/\.$/, '');
  return words !== '' && words.length <= 300 && !/[<{]/.test(words) ? words : undefined;
}
