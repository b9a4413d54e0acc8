import { ConnectionError } from '../../model/source.ts';
import type { Management } from './management.ts';
import type { RabbitmqSettings } from './options.ts';

/** How messages will be observed. */
export interface Means {
  readonly kind: 'firehose' | 'taps';
  /** Firehose: tracing is off and has to be switched on by us. */
  readonly enable: boolean;
  /** Why it is not the firehose, in plain words. */
  readonly because?: string;
  /** The management API cannot be used: nothing is known but the names that the user gave. */
  readonly problem?: ConnectionError;
}

/** Finds out what the user may do; touches nothing. @throws ConnectionError where `mode=firehose` cannot be had. */
export async function decideMeans(management: Management | undefined, s: RabbitmqSettings): Promise<Means> {
  const means = await possibleMeans(management, s);
  if (s.mode === 'firehose' && means.kind !== 'firehose') {
    throw (
      means.problem ??
      new ConnectionError(
        'authorization',
        `The firehose was asked for, and cannot be had: ${means.because}.`,
        'Use an administrator, let one run rabbitmqctl trace_on, or use mode=auto.',
      )
    );
  }
  return means;
}

/**
 * Without the management API only exchanges that are named can be tapped.
 * @throws ConnectionError where none is named: it would be connected, and see nothing.
 */
export function mustSee(means: Means, s: RabbitmqSettings, channels: 'all' | readonly string[]): void {
  if (channels !== 'all') return;
  const remedy = 'Or name the exchanges to tap: those can be read without it.';
  if (means.problem) {
    const { code, message, retryable } = means.problem;
    throw new ConnectionError(code, message, `${means.problem.remedy} ${remedy}`, { retryable });
  }
  if (s.management) return;
  throw new ConnectionError(
    'unsupported',
    'Without the management API, the exchanges are not known, and nothing would be seen.',
    'Name the exchanges to tap, or leave management=none out of the URL.',
  );
}

async function possibleMeans(management: Management | undefined, s: RabbitmqSettings): Promise<Means> {
  const taps = { kind: 'taps', enable: false } as const;
  if (!management) return { ...taps, because: 'the URL says management=none' };
  try {
    const { tracing } = await management.vhost();
    if (s.mode === 'taps') return { ...taps, because: 'the URL says mode=taps' };
    if (tracing) return { kind: 'firehose', enable: false };
    const { tags } = await management.whoami();
    if (tags.includes('administrator')) return { kind: 'firehose', enable: true };
    return { ...taps, because: `tracing is off, and ${s.user} is no administrator who could switch it on` };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { ...taps, because: error.message, problem: error };
  }
}
