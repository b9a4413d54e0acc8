import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { logIn } from './support/headwater.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';
import { eventually } from './support/eventually.ts';

/** A request with headers that `fetch` would not let us set. */
function get(
  url: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function openSocket(origin: string, headers: Record<string, string>): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

describe('served to a browser', () => {
  it('answers its own page with the token, and nobody else', async () => {
    const headwater = await temporaryHeadwater();
    const { origin, url } = headwater;
    const host = new URL(origin).host;
    const cookie = await logIn(url);

    expect((await get(origin, { cookie })).status).toBe(200);
    expect((await get(`${origin}/traces/t1?event=x`, { cookie })).body).toContain('<div id="root"');
    expect((await get(origin, {})).status).toBe(401);
    expect((await get(`${origin}/?token=wrong`, {})).status).toBe(401);
    expect((await get(origin, { cookie, host: 'evil.example' })).status).toBe(403);
    expect((await get(origin, { cookie, host: `${host}.evil.example` })).status).toBe(403);
    expect((await get(origin, { cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await get(`${origin}/files`, { cookie, origin: 'http://evil.example' }, 'POST')).status).toBe(
      403,
    );
    expect((await get(`${origin}/files`, { cookie }, 'POST')).status).toBe(403);
    expect((await get(`${origin}/assets/..%2f..%2f..%2fpackage.json`, { cookie })).body).not.toContain(
      '"license"',
    );

    expect(await openSocket(origin, { cookie, origin })).toBe('open');
    expect(await openSocket(origin, { cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await openSocket(origin, { cookie })).toBe(403);
    expect(await openSocket(origin, { origin })).toBe(401);
    expect(await openSocket(origin, { cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(
      403,
    );
  });

  it('turns the token into a cookie that no script reads, and takes it out of the address', async () => {
    const { url, origin } = await temporaryHeadwater();
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(origin).toBe(new URL(url).origin);
  });

  it('refuses a second engine on one store, and says what to do', async () => {
    const dir = await temporaryDir();
    await temporaryHeadwater(dir);
    await expect(temporaryHeadwater(dir)).rejects.toThrow(/--data/);
  });

  it('opens a file of message lines that is sent to it', async () => {
    const { client, origin, url } = await temporaryHeadwater();
    const lines = [1, 2].map((n) =>
      JSON.stringify({
        kind: 'message',
        id: `m${n}`,
        system: 'kafka',
        channel: `step-${n}`,
        time: `2026-03-01T10:00:0${n}.000Z`,
        payload: { eventType: `Step${n}`, orderId: 'ord-4711' },
      }),
    );
    const response = await fetch(`${origin}/files`, {
      method: 'POST',
      headers: { cookie: await logIn(url), origin, 'x-file-name': encodeURIComponent('lines ü.ndjson') },
      body: [...lines, 'not JSON'].join('\n'),
    });
    expect(response.status).toBe(200);
    const { rows } = await eventually(
      'the trace of the file',
      () => client.traces.list({ query: 'ord-4711', limit: 10, offset: 0 }),
      (page) => page.rows[0]?.events === 2,
    );
    expect(rows).toHaveLength(1);
    const [file] = await eventually(
      'the file is read',
      () => client.connections.list(),
      ([c]) => c?.phase === 'done',
    );
    expect(file).toMatchObject({ system: 'file', events: 2 });
    expect(file?.alerts.map((a) => a.message).join()).toContain('3');
  });

  it('keeps its data where only its user can read', async () => {
    const dir = await temporaryDir();
    const { client } = await temporaryHeadwater(join(dir, 'data'));
    await client.connections.add({
      name: 'x',
      url: 'redis://u:s3cret-word@127.0.0.1:1',
      channels: 'all',
      from: 'latest',
    });
    const [connection] = await client.connections.list();
    expect(JSON.stringify(connection)).not.toContain('s3cret-word');
    expect(await readFile(join(dir, 'data', 'connections.json'), 'utf8')).not.toContain('s3cret-word');
  });
});
