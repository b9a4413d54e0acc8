import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createServedGuard } from './served-guard.ts';

const guard = createServedGuard('secret-token', ['dev.example']);
const cookie = `${guard.cookieName}=secret-token`;
const refusal = (headers: Record<string, string>, strict = true) =>
  guard.refusal({ headers } as unknown as IncomingMessage, strict)?.status;

describe('served guard', () => {
  it.each(['127.0.0.1:7411', 'localhost:9', '[::1]:80', 'localhost', 'LOCALHOST:1', 'dev.example:443'])(
    'answers to %s, which is ours',
    (host) => {
      expect(refusal({ host, origin: `http://${host.toLowerCase()}`, cookie })).toBeUndefined();
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example:7411',
    'localhost.evil',
    '127.0.0.1@evil',
    '',
    '10.0.0.1:7411',
    '[::2]:1',
  ])('refuses the host "%s", which a rebound name may present', (host) => {
    expect(refusal({ host, origin: `http://${host}`, cookie })).toBe(403);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'http://127.0.0.1:7411.evil', 'file://'])(
    'refuses a page of origin %s',
    (origin) => {
      expect(refusal({ host: '127.0.0.1:7411', origin, cookie })).toBe(403);
      expect(refusal({ host: '127.0.0.1:7411', origin, cookie }, false)).toBe(403);
    },
  );

  it('demands an origin where it is strict, and the token everywhere', () => {
    const host = '127.0.0.1:7411';
    expect(refusal({ host, cookie }, true)).toBe(403);
    expect(refusal({ host, cookie }, false)).toBeUndefined();
    expect(refusal({ host }, false)).toBe(401);
    expect(refusal({ host, cookie: `${guard.cookieName}=other` }, false)).toBe(401);
    expect(refusal({ host, cookie: `a=b; ${cookie}; c=d` }, false)).toBeUndefined();
  });

  it('takes only the very token', () => {
    expect(guard.offersToken(new URL('http://x/?token=secret-token'))).toBe(true);
    expect(guard.offersToken(new URL('http://x/?token=secret'))).toBe(false);
    expect(guard.offersToken(new URL('http://x/'))).toBe(false);
  });
});
