import { RPCLink } from '@orpc/client/websocket';
import type { Dial } from './link.ts';

/** Reaches an engine that serves this page over HTTP. `probe` is fetched to tell "gone" from "refused". */
export function webSocketDial(url: string, probe: string): Dial {
  return ({ opened, ended }) => {
    const socket = new WebSocket(url);
    const rpc = new RPCLink({ websocket: socket });
    let open = false;
    socket.addEventListener('open', () => {
      open = true;
      opened(rpc);
    });
    socket.addEventListener('close', () => {
      if (open) ended('lost');
      else void refused(probe).then((isRefused) => ended(isRefused ? 'refused' : 'lost'));
    });
    return { hangUp: () => socket.close() };
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
