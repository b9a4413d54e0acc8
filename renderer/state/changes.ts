import type { PageClient } from '../rpc/link.ts';

type Changes = Awaited<ReturnType<PageClient['changes']>>;

interface Listener {
  changed(changes: Changes): void;
  /** Another engine answers than before (or the first one): everything known is old. */
  restarted(instance: string): void;
  /** No answer for longer than the engine ever waits: the link is dead though nobody said so. */
  silent(): void;
}

/** The engine answers within 25 s even if nothing happened. */
const silence = 40_000;

/** Asks for what changed, for ever, until `signal` is aborted. Errors mean that the link is down: asks again once it is up. */
export async function followChanges(
  client: Pick<PageClient, 'changes'>,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  let instance: string | undefined;
  let since = 0;
  while (!signal.aborted) {
    const patience = setTimeout(() => listener.silent(), silence);
    try {
      const answer = await client.changes({ instance, since }, { signal });
      if (signal.aborted) return;
      if (answer.instance !== instance) {
        instance = answer.instance;
        listener.restarted(instance);
      }
      since = answer.revision;
      if (answer.connections || answer.events || answer.traces) listener.changed(answer);
    } catch {
      await pause(400);
    } finally {
      clearTimeout(patience);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
