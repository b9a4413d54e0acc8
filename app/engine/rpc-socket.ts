import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import type { WebSocket } from 'ws';
import type { createRouter } from '../rpc/router.ts';

type Router = ReturnType<typeof createRouter>;

/** What a browser is told when it says something that is no call (RFC 6455: data that does not fit the message). */
const notACall = { code: 1007, reason: 'This is not a call of the Headwater page.' };

/**
 * Answers the calls of one page. The peer is held here and not by oRPC's own adapter, which prints a stack trace for
 * whatever it cannot read: somebody who says what is no call is hung up on, in silence.
 */
export function createRpcSocketServer(router: Router): (socket: WebSocket) => void {
  const handle = createServerPeerHandleRequestFn(new StandardRPCHandler(router, {}), { context: {} });
  return (socket) => {
    const peer = new ServerPeer((message) => {
      socket.send(message);
    });
    socket.on('message', (data, isBinary) => {
      let isCall = false;
      // With the usual binaryType a message is one buffer.
      const message = isBinary ? (data as Buffer) : (data as Buffer).toString();
      peer
        .message(message, (request) => {
          isCall = true;
          return handle(request);
        })
        .catch(() => {
          // A stream that broke off has told the page so already.
          if (!isCall) socket.close(notACall.code, notACall.reason);
        });
    });
    socket.on('close', () => {
      peer.close();
    });
  };
}
