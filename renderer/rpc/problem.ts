import { ORPCError } from '@orpc/client';
import type { Problem } from '../../app/contract/page.ts';
import { desktop } from './desktop.ts';

/** Any failure of a call as the user reads it: what happened, why, what to do. Never throws. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ORPCError) {
    const data: unknown = error.data;
    const code = field(data, 'code') ?? error.code;
    const message = field(data, 'message') ?? error.message;
    const remedy =
      field(data, 'remedy') ??
      (error.code === 'BAD_REQUEST'
        ? 'This page and the engine may be of different versions: reload the page.'
        : 'Try again; if it stays, look at what Headwater printed where it was started.');
    return { code, message, remedy };
  }
  return {
    code: 'lost',
    message: 'The engine did not answer.',
    remedy: desktop
      ? 'It is started again by itself, and this page asks again then.'
      : 'This page asks again as soon as it is back. See whether the headwater command still runs.',
  };
}

function field(data: unknown, name: string): string | undefined {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, name)) return undefined;
  const value: unknown = (data as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
