import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Who may talk to the engine. It listens on loopback, yet every page that the user's browser shows can reach loopback
 * too, so three things are asked of each request: a Host that is ours (against DNS rebinding), an Origin that is that
 * Host (against other pages), and a token that only the printed URL holds.
 */
export interface ServedGuard {
  readonly token: string;
  readonly cookieName: string;
  /** Why the request is refused, or undefined when it may go on. `strict`: an Origin is demanded, not only checked. */
  refusal(request: IncomingMessage, strict: boolean): Refusal | undefined;
  /** Whether the browser says that our own page, or the user by hand, asks; browsers that say nothing are believed. */
  isOwnPage(request: IncomingMessage): boolean;
  /** Whether the URL carries the right token: it then becomes a cookie and leaves the address. */
  offersToken(url: URL): boolean;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @param allowHosts further host names (without port) that a reverse proxy or a tunnel presents. */
export function createServedGuard(token: string, allowHosts: readonly string[] = []): ServedGuard {
  const allowed = new Set([...loopback, ...allowHosts.map((h) => h.toLowerCase())]);
  // Cookies are shared by all ports of a host: a name of its own keeps two instances apart.
  const cookieName = `headwater_${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;

  const equal = (given: string) => {
    const a = createHash('sha256').update(given).digest();
    const b = createHash('sha256').update(token).digest();
    return timingSafeEqual(a, b);
  };

  return {
    token,
    cookieName,
    offersToken: (url) => equal(url.searchParams.get('token') ?? ''),
    isOwnPage(request) {
      const site = request.headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none';
    },
    refusal(request, strict) {
      const host = (request.headers.host ?? '').toLowerCase();
      if (
        !/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.test(host) ||
        !allowed.has(host.replace(/:\d+$/, ''))
      ) {
        return {
          status: 403,
          message:
            'Headwater answers only to 127.0.0.1, localhost and [::1]. If this name is yours, start it with --allow-host NAME.',
        };
      }
      const { origin } = request.headers;
      if (origin === undefined ? strict : origin !== `http://${host}` && origin !== `https://${host}`) {
        return { status: 403, message: 'Headwater does not answer pages of another origin.' };
      }
      const cookie = (request.headers.cookie ?? '')
        .split(/;\s*/)
        .find((c) => c.startsWith(`${cookieName}=`))
        ?.slice(cookieName.length + 1);
      if (cookie === undefined || !equal(cookie)) {
        return {
          status: 401,
          message:
            'This browser has no token. Open the address that the headwater command printed, with its token.',
        };
      }
      return undefined;
    },
  };
}
