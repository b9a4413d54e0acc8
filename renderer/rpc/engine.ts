import { openLink } from './link.ts';
import type { EngineLink, PageClient } from './link.ts';

let link: EngineLink | undefined;

/** Opens the page's one link to the engine that served it. */
export function startEngine(): EngineLink {
  const url = new URL('/rpc', location.href);
  const probe = url.href;
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  link ??= openLink(url.href, probe);
  return link;
}

/** The engine's calls. They wait while the link is down. */
export function engine(): PageClient {
  return startEngine().client;
}
