import { createORPCClient } from '@orpc/client';
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
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

const shortestWait = 250;
const longestWait = 5000;

/** Opens the link. `url` is the WebSocket's; `probe` is fetched to tell "gone" from "refused". */
export function openLink(url: string, probe: string): EngineLink {
  const listeners = new Set<(phase: LinkPhase) => void>();
  let phase: LinkPhase = 'connecting';
  let socket: WebSocket | undefined;
  let current: RPCLink<ClientContext> | undefined;
  let waiting: (() => void)[] = [];
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
    const opening = new WebSocket(url);
    let opened = false;
    socket = opening;
    const rpc = new RPCLink({ websocket: opening });
    opening.addEventListener('open', () => {
      opened = true;
      wait = shortestWait;
      current = rpc;
      enter('open');
      const ready = waiting;
      waiting = [];
      for (const go of ready) go();
    });
    opening.addEventListener('close', () => {
      if (socket !== opening || closed) return;
      current = undefined;
      timer = setTimeout(connect, wait);
      wait = Math.min(longestWait, wait * 1.6);
      if (opened) enter('lost');
      else
        void refused(probe).then((isRefused) =>
          current ? undefined : enter(isRefused ? 'refused' : 'lost'),
        );
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
    reset: () => socket?.close(),
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

/** A WebSocket does not tell why it was turned away; a request to the same address does. */
async function refused(probe: string): Promise<boolean> {
  try {
    const { status } = await fetch(probe, { cache: 'no-store' });
    return status === 401 || status === 403;
  } catch {
    return false;
  }
}
