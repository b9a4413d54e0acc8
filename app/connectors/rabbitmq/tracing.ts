import { ConnectionError, type Journal, type SideEffect } from '../../model/source.ts';
import { createManagement, type Management } from './management.ts';
import type { RabbitmqSettings } from './options.ts';

/** What the firehose costs, as measured with 1 KB messages on two cores; told before it is switched on. */
export const tracingCost =
  'measured with 1 KB messages on 2 cores: 20,000 to 22,000 messages a second without, 7,000 to 9,000 with it';

/** The journalled effect of having switched tracing on. Its target is the resource that is to be restored. */
export function tracingEffect(url: URL, vhost: string): SideEffect {
  return {
    type: 'rabbitmq.tracing',
    target: new URL(`api/vhosts/${encodeURIComponent(vhost)}`, url).href,
    description:
      `Switches message tracing (the firehose) on for the virtual host ${vhost}, and off again on disconnect. ` +
      `While it is on, the broker copies every message: ${tracingCost}.`,
    undoByHand: `rabbitmqctl trace_off -p ${/^[\w./-]+$/.test(vhost) ? vhost : `'${vhost.replaceAll("'", "'\\''")}'`}`,
  };
}

/** Switches tracing on; written to the journal before. */
export async function enableTracing(
  management: Management,
  journal: Journal,
  effect: SideEffect,
): Promise<void> {
  await journal.record(effect);
  await management.setTracing(true);
}

/** Switches tracing off again; ticked off in the journal only when that worked. */
export async function restoreTracing(
  management: Management,
  journal: Journal,
  effect: SideEffect,
): Promise<void> {
  if ((await management.vhost()).tracing) await management.setTracing(false);
  await journal.done(effect);
}

/**
 * Undoes what a crash left behind; also resolves when the virtual host is gone.
 * @throws ConnectionError when the management API cannot be reached.
 */
export async function undoTracing(effect: SideEffect, s: RabbitmqSettings): Promise<void> {
  const match = /^(.*\/)api\/vhosts\/([^/]+)$/.exec(effect.target);
  if (!match) return;
  const [, base = '', vhost = ''] = match;
  const management = createManagement(new URL(base), { ...s, vhost: decodeURIComponent(vhost) });
  try {
    if ((await management.vhost()).tracing) await management.setTracing(false);
  } catch (error) {
    if (error instanceof ConnectionError && error.code === 'not-found') return;
    throw error;
  }
}
