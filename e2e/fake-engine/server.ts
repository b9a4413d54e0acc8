import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { ConnectionDto } from '../../app/contract/page.ts';
import { connection } from './build.ts';
import { fakeRouter } from './router.ts';
import { World } from './world.ts';
import type { WorldOptions } from './world.ts';

export interface FakeEngineOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Plain traces beside the special ones; 1000 where nothing is said. */
  readonly traces?: number;
  /** Nothing recorded and no connection: the welcome screen. */
  readonly empty?: boolean;
  /** So many keys, in place of a shop's. */
  readonly keys?: number;
  /** Turns everyone away, as an engine does that does not know the cookie. */
  readonly refuse?: boolean;
  /** Another topology than the shop's. */
  readonly map?: WorldOptions['map'];
}

export interface FakeEngine {
  readonly url: string;
  readonly port: number;
  /** A new order arrives; answers with its key's value. */
  grow(): string;
  /** One event more of the trace `growing` arrives. */
  extend(): void;
  /** Something was recorded; `services` more are there in a large map. */
  stir(services?: number): void;
  /** So many events of other orders arrive at once. */
  burst(count: number): void;
  close(): Promise<void>;
}

/** Stricter than needed, so that a page which works here works under any policy of the real engine. */
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

/** Serves the built page with a made-up engine behind it. */
export async function startFakeEngine(options: FakeEngineOptions): Promise<FakeEngine> {
  const { empty = false, refuse = false, traces = 1000, keys, map } = options;
  const world = new World({ empty, traces, keys, map }, Date.now());
  const { router, grow, extend, burst, stir } = fakeRouter(world);
  const handler = new RPCHandler(router);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/rpc') response.writeHead(refuse ? 401 : 426).end();
    else if (path === '/files') receive(world, request, response);
    else if (path.startsWith('/captures/')) fetchCapture(world, path.slice('/captures/'.length), response);
    else void serve(path, response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (refuse) socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    else
      sockets.handleUpgrade(request, socket, head, (opened) => void handler.upgrade(opened, { context: {} }));
  });
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    grow,
    extend,
    stir(services = 0) {
      if (world.large) world.large.added += services;
      stir();
    },
    burst,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(path: string, response: ServerResponse): Promise<void> {
  const file = join(root, normalize(path));
  const found = file.startsWith(root) && (await stat(file).catch(() => undefined))?.isFile();
  const chosen = found ? file : join(root, 'index.html');
  const type = types[extname(chosen)] ?? 'application/octet-stream';
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': csp,
    'cache-control': 'no-store',
  });
  createReadStream(chosen).pipe(response);
}

/** The file of a capture that is done: an empty ZIP. */
function fetchCapture(world: World, id: string, response: ServerResponse): void {
  const job = world.captures.jobs.find((each) => each.id === id && each.state === 'done');
  if (!job) return void response.writeHead(404).end();
  const name = encodeURIComponent(job.name);
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
  });
  response.end(Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex'));
}

/** How far a file is, by its name: what is damaged fails, what is large is read for ever. */
function outcome(name: string, size: number): Partial<ConnectionDto> {
  if (name.includes('damaged')) {
    const message = `${name} is not a whole capture file. Ask for the file again, or export a new one.`;
    const remedy = 'Open a .hwcap capture or a file of message lines (.ndjson).';
    return { phase: 'failed', problem: { code: 'file', message, remedy } };
  }
  if (!name.includes('large')) return { phase: 'done', events: size };
  const counts = { events: 40_000, deliveries: 81_000, traces: 8_000, created: Date.now(), masked: false };
  return { phase: 'live', capture: counts, progress: { read: 0, total: counts.events } };
}

/** Takes message lines and captures, by their names; refuses the rest. */
function receive(world: World, request: IncomingMessage, response: ServerResponse): void {
  const given = request.headers['x-file-name'];
  const name = decodeURIComponent(typeof given === 'string' ? given : 'file');
  let size = 0;
  request.on('data', (part: Buffer) => (size += part.length));
  request.on('end', () => {
    const taken = /\.(?:ndjson|hwcap)$/.test(name);
    response.writeHead(taken ? 200 : 422, { 'content-type': 'application/json' });
    if (!taken) {
      const message = `${name} is neither a capture nor message lines.`;
      response.end(
        JSON.stringify({ code: 'unsupported', message, remedy: 'Open a .hwcap or .ndjson file.' }),
      );
      return;
    }
    const id = `f${Date.now()}`;
    const file = { id, name, system: 'file', url: name, from: 'earliest' } as const;
    world.connections = [...world.connections, connection({ ...file, ...outcome(name, size) })];
    response.end(JSON.stringify({ id }));
  });
}
