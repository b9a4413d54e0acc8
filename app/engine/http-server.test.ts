import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createRouter } from '../rpc/router.ts';
import { startHttpServer } from './http-server.ts';
import { createRpcSocketServer } from './rpc-socket.ts';
import { createServedGuard } from './served-guard.ts';

const guard = createServedGuard('secret-token');
const cookie = `${guard.cookieName}=secret-token`;
let dir: string;
let server: Awaited<ReturnType<typeof startHttpServer>>;
let host: string;
const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-http-'));
  await writeFile(join(dir, 'index.html'), 'the page');
  server = await startHttpServer({
    port: 0,
    guard,
    pageDir: dir,
    uploadDir: join(dir, 'uploads'),
    // No call of these tests comes as far as a procedure.
    onSocket: createRpcSocketServer(createRouter({} as Parameters<typeof createRouter>[0])),
    captureFile: () => undefined,
    onFile: () => Promise.resolve('f1'),
  });
  host = `127.0.0.1:${server.port}`;
});

afterEach(() => {
  // A stack trace on the terminal of somebody who did nothing.
  expect(said).not.toHaveBeenCalled();
});

afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

/** Sends bytes and waits for the end of the answer, or hangs up at once; resolves with what came back. */
function exchange(bytes: string | Buffer, end: 'wait' | 'close' | 'reset' = 'wait'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (end === 'wait' && answer.startsWith('HTTP/1.1 101 ')) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('connect', () => {
      if (end === 'close') socket.end(bytes);
      else socket.write(bytes, () => end === 'reset' && socket.resetAndDestroy());
    });
  });
}

const head = (target: string, headers: Record<string, string> = {}, method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\n${Object.entries({
    Host: host,
    Cookie: cookie,
    Connection: 'close',
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

const upgrade = (target: string, headers: Record<string, string> = {}) =>
  head(target, {
    Origin: `http://${host}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  });

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin: `http://${host}` } });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

/** What it says to somebody who asks properly. */
async function ask(): Promise<string> {
  (await open()).terminate();
  return exchange(head('/'));
}

describe('the server that every page on this machine can reach', () => {
  it.each([
    ['/', 200],
    ['//', 200],
    ['//evil.example/x', 200],
    ['http://[', 400],
    ['/%zz', 400],
    ['*', 400],
    ['/assets/%zz', 400],
  ])('answers GET %s with a sentence and %i', async (target, status) => {
    const answer = await exchange(head(target));
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).not.toMatch(/Invalid URL|URI malformed/);
  });

  it.each(['//', 'http://[', '/%zz', '/rpc'])(
    'asks who it is before it reads the target %s',
    async (target) => {
      expect(await exchange(head(target, { Cookie: '' }))).toContain('HTTP/1.1 401 ');
      expect(await exchange(upgrade(target, { Cookie: '' }))).toContain('HTTP/1.1 401 ');
      expect(await exchange(upgrade(target, { Origin: 'http://evil.example' }))).toContain('HTTP/1.1 403 ');
    },
  );

  it.each([
    ['/', { Cookie: '' }, 401, /does not know the way in<[^]*with its token\./],
    ['/%E0%A4%A', {}, 400, /cannot be read<[^]*malformed[^]*href="\/"/],
    ['/', { Host: 'evil.example' }, 403, /does not answer here<[^]*--allow-host NAME/],
    ['/assets/gone.js', {}, 404, /nothing here</],
  ])(
    'says it to a browser at %s with %o as a page, which loads nothing',
    async (target, given, status, words) => {
      const answer = await exchange(head(target, { ...given, Accept: 'text/html,*/*;q=0.8' }));
      expect(answer).toContain(`HTTP/1.1 ${status} `);
      expect(answer).toContain('Content-Type: text/html');
      expect(answer).toMatch(words);
      const [, allowed] = /default-src 'none'; style-src 'sha256-([^']+)'/.exec(answer) ?? [];
      const [, style = ''] = /<style>([^]*)<\/style>/.exec(answer) ?? [];
      expect(allowed).toBe(createHash('sha256').update(style).digest('base64'));
      expect(answer).not.toMatch(/<script|secret-token/);
    },
  );

  it('upgrades at one path only', async () => {
    expect(await exchange(upgrade('//'))).toContain('HTTP/1.1 404 ');
    expect(await exchange(upgrade('http://['))).toContain('HTTP/1.1 404 ');
    expect(await exchange(upgrade('/rpc'))).toContain('HTTP/1.1 101 ');
  });

  it('sends the token on to no other host', async () => {
    expect(await exchange(head('//evil.example/?token=secret-token'))).toContain(
      'Location: /evil.example/\r\n',
    );
  });

  it('names a file that has no proper name', async () => {
    expect(
      await exchange(head('/files', { Origin: `http://${host}`, 'X-File-Name': '%zz' }, 'POST')),
    ).toContain('HTTP/1.1 400 ');
  });

  it.each(['/zzz', '/rpc', '//'])('survives a reset after asking to upgrade %s', async (target) => {
    await exchange(upgrade(target), 'reset');
    expect(await ask()).toMatch(/^HTTP\/1.1 200 [^]*the page$/);
  });

  it('hangs up on frames that are none', async () => {
    await exchange(Buffer.concat([Buffer.from(upgrade('/rpc')), Buffer.from([255, 255, 255, 255])]));
    expect(await ask()).toMatch(/^HTTP\/1.1 200 [^]*the page$/);
  });

  it.each([
    'no JSON',
    '{}',
    'null',
    '{"i":"1","p":{"u":"no URL"}}',
    '{"i":"1","p":{"u":"/x","h":{"content-type":"multipart/form-data"}}}',
    Buffer.from([0, 255, 1]),
  ])('hangs up on %s, which is no call', async (message) => {
    const socket = await open();
    socket.send(message);
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1007);
  });

  it('never falls over what anybody sends', async () => {
    const token = fc.stringMatching(/^[!-~]{1,20}$/);
    const target = fc.oneof(
      token,
      token.map((rest) => `/${rest}`),
      fc.constantFrom('//', '/rpc', '/files', '/%', '/%00', 'http://[', '/../..', '/?token=%', 'a:b', '/\\x'),
    );
    const headers = fc.dictionary(
      fc.constantFrom('Host', 'Origin', 'Cookie', 'Upgrade', 'Connection', 'X-File-Name', 'Content-Length'),
      fc.oneof(token, fc.constantFrom('', 'Upgrade', 'websocket', '%zz', '99', cookie)),
      { maxKeys: 4 },
    );
    const request = fc
      .record({ target, headers, method: fc.constantFrom('GET', 'POST', 'HEAD', 'CONNECT', 'PUT') })
      .map((r) => Buffer.from(head(r.target, r.headers, r.method)));
    const upgrading = fc
      .record({ target, headers, frames: fc.uint8Array({ maxLength: 40 }) })
      .map((r) => Buffer.concat([Buffer.from(upgrade(r.target, r.headers)), r.frames]));
    const framing = fc
      .record({
        frames: fc.uint8Array({ minLength: 1, maxLength: 60 }),
        first: fc.constantFrom(0x81, 0x82, 0x88, 0xff),
      })
      .map((r) => Buffer.concat([Buffer.from(upgrade('/rpc')), Buffer.from([r.first]), r.frames]));
    const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(request, upgrading, framing, noise),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('close' as const, 'reset' as const),
        async (bytes, cut, end) => {
          const whole = cut > 0.5 ? bytes : bytes.subarray(0, Math.floor(bytes.length * cut * 2));
          expect(await exchange(whole, end)).not.toMatch(/^HTTP\/1.1 500/);
        },
      ),
      { numRuns: 400 },
    );
    expect(await ask()).toMatch(/^HTTP\/1.1 200 [^]*the page$/);
  });
});
