import { createORPCClient } from '@orpc/client';
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { page } from '../../app/contract/page.ts';

/** The engine as the page sees it. */
export type PageClient = ContractRouterClient<typeof page>;

/** `refused`: the engine is there, but the key of this page (its cookie) does not fit. */
export type LinkPhase = 'connecting' | 'open' | 'lost' | 'refused';

/**
 * A connection to the engine that opens itself again. Calls made while it is down wait until it is up; calls that
 * were under way when it went down reject, and whoever made them asks again once `onPhase` says `open`.
 */
export interface EngineLink {
  readonly client: PageClient;
  phase(): LinkPhase;
  /** Called with each new phase. Returns the way to stop. */
  onPhase(listener: (phase: LinkPhase) => void): () => void;
  /** Drops a connection that answers no more, and opens another. */
  reset(): void;
  close(): void;
}

/** One attempt to reach the engine, over whatever leads there. */
export type Dial = (line: {
  /** Calls can be made. */
  opened(link: ClientLink<ClientContext>): void;
  /** It could not be opened, or is no more. */
  ended(outcome: 'lost' | 'refused'): void;
}) => { hangUp(): void };

const shortestWait = 250;
const longestWait = 5000;

/** Opens the link by dialling, again and again with growing pauses. */
export function openLink(dial: Dial): EngineLink {
  const listeners = new Set<(phase: LinkPhase) => void>();
  let phase: LinkPhase = 'connecting';
  let line: ReturnType<Dial> | undefined;
  let current: ClientLink<ClientContext> | undefined;
  const waiting: (() => void)[] = [];
  let wait = shortestWait;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const enter = (next: LinkPhase): void => {
    if (phase === next) return;
    phase = next;
    for (const listener of listeners) listener(next);
  };

  const connect = (): void => {
    clearTimeout(timer);
    if (closed) return;
    let over = false;
    line = dial({
      opened(rpc) {
        if (over || closed) return;
        wait = shortestWait;
        current = rpc;
        enter('open');
        for (const go of waiting.splice(0)) go();
      },
      ended(outcome) {
        if (over || closed) return;
        over = true;
        current = undefined;
        timer = setTimeout(connect, wait);
        wait = Math.min(longestWait, wait * 1.6);
        enter(outcome);
      },
    });
  };

  const link: ClientLink<ClientContext> = {
    async call(path, input, options: ClientOptions<ClientContext>) {
      while (!current) await opened(options.signal);
      return current.call(path, input, options);
    },
  };
  const opened = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      waiting.push(resolve);
    });

  connect();
  return {
    client: createORPCClient<PageClient>(link),
    phase: () => phase,
    onPhase(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset: () => line?.hangUp(),
    close() {
      closed = true;
      clearTimeout(timer);
      line?.hangUp();
    },
  };
}
