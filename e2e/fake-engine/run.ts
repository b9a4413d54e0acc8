/**
 * Serves dist/renderer with a made-up engine behind it: for looking at the page, for screenshots, and for tests of
 * the page alone. `node e2e/fake-engine/run.ts [--port 4600] [--traces 100000] [--empty] [--live] [--refuse]`
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { connection } from './build.ts';
import { fakeRouter } from './router.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4600' },
    traces: { type: 'string', default: '100000' },
    empty: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
    refuse: { type: 'boolean', default: false },
  },
});
const csp =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; font-src 'self'";
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const root = join(import.meta.dirname, '../../dist/renderer');
const world = new World({ empty: values.empty, traces: Number(values.traces) }, Date.now());
const { router, grow } = fakeRouter(world);
const handler = new RPCHandler(router);

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path === '/rpc') {
    response.writeHead(values.refuse ? 401 : 426).end();
    return;
  }
  if (path === '/files') {
    const name = decodeURIComponent(String(request.headers['x-file-name'] ?? 'file'));
    let size = 0;
    request.on('data', (part: Buffer) => (size += part.length));
    request.on('end', () => {
      const bad = !/\.(ndjson|hwcap)$/.test(name);
      response.writeHead(bad ? 422 : 200, { 'content-type': 'application/json' });
      if (!bad) {
        const id = `f${Date.now()}`;
        world.connections = [
          ...world.connections,
          connection({ id, name, system: 'file', url: name, phase: 'done', events: size, from: 'earliest' }),
        ];
        response.end(JSON.stringify({ id }));
      } else
        response.end(
          JSON.stringify({
            code: 'unsupported',
            message: `${name} is neither a capture nor message lines.`,
            remedy: 'Open a .hwcap or .ndjson file.',
          }),
        );
    });
    return;
  }
  void serve(path).then(({ file, type }) => {
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': csp,
      'cache-control': 'no-store',
    });
    createReadStream(file).pipe(response);
  });
});

async function serve(path: string): Promise<{ file: string; type: string }> {
  const file = join(root, normalize(path));
  const found = file.startsWith(root) && (await stat(file).catch(() => undefined))?.isFile();
  const chosen = found ? file : join(root, 'index.html');
  return { file: chosen, type: types[extname(chosen)] ?? 'application/octet-stream' };
}

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  if (values.refuse) {
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (opened) => void handler.upgrade(opened, { context: {} }));
});
if (values.live) setInterval(grow, 900);
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${values.port}/`);
});
