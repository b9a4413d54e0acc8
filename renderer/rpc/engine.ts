import { desktop } from './desktop.ts';
import { openLink } from './link.ts';
import type { Dial, EngineLink, PageClient } from './link.ts';
import { messagePortDial } from './message-port.ts';
import { webSocketDial } from './web-socket.ts';

let link: EngineLink | undefined;

/** Opens the page's one link to its engine: by the shell's port, or to the server that the page came from. */
export function startEngine(): EngineLink {
  link ??= openLink(desktop ? messagePortDial(desktop) : socketDial());
  return link;
}

/** The engine's calls. They wait while the link is down. */
export function engine(): PageClient {
  return startEngine().client;
}

function socketDial(): Dial {
  const url = new URL('/rpc', location.href);
  const probe = url.href;
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return webSocketDial(url.href, probe);
}
