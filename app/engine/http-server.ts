import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { contentTypes, pageHeaders } from '../contract/page-headers.ts';
import type { ServedGuard } from './served-guard.ts';
import { wordHeaders, wordPage } from './word-page.ts';

export interface HttpServerOptions {
  readonly port: number;
  readonly guard: ServedGuard;
  /** The built page. */
  readonly pageDir: string;
  readonly uploadDir: string;
  readonly onSocket: (socket: WebSocket) => void;
  /** A capture that was saved and can be fetched. */
  readonly captureFile: (id: string) => { readonly name: string; readonly path: string } | undefined;
  /** A file that was uploaded whole; answers with the id of its connection. The file is the callee's to remove. */
  readonly onFile: (name: string, path: string) => Promise<string>;
}

const malformed = 'This address is malformed: open the one that the headwater command printed.';

/** Serves the page, its RPC socket at `/rpc`, and takes files at `/files`; loopback only. Rejects when the port is taken. */
export async function startHttpServer(
  options: HttpServerOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const { guard } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof URIError) say(request, response, 400, malformed);
      else say(request, response, 500, error instanceof Error ? error.message : String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => {
    // From here on the socket is ours: without a listener its reset would end the process.
    socket.on('error', () => socket.destroy());
    const refusal =
      guard.refusal(request, true) ??
      (targetOf(request)?.pathname === '/rpc'
        ? undefined
        : { status: 404, message: 'There is nothing here.' });
    if (refusal) {
      socket.end(
        `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${refusal.message}\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      // A malformed frame: the library closes the socket by itself.
      accepted.on('error', () => undefined);
      options.onSocket(accepted);
    });
  });
  const port = await listen(server, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A connection that could not be taken (no file handles left, say) must not end those that are there.
      server.on('error', () => undefined);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const { guard } = options;
  for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);

  const refusal = guard.refusal(request, request.method !== 'GET' && request.method !== 'HEAD');
  if (refusal?.status === 403) return say(request, response, 403, refusal.message);
  const url = targetOf(request);
  if (!url) return say(request, response, refusal?.status ?? 400, refusal?.message ?? malformed);
  if (request.method === 'GET' && guard.offersToken(url)) {
    url.searchParams.delete('token');
    response.setHeader('Set-Cookie', `${guard.cookieName}=${guard.token}; Path=/; HttpOnly; SameSite=Strict`);
    // One slash: two would name another host.
    const path = url.pathname.replace(/^\/+/, '/');
    response.writeHead(303, { Location: `${path}${url.search}`, 'Cache-Control': 'no-store' });
    response.end();
    return;
  }
  if (refusal) return say(request, response, refusal.status, refusal.message);
  if (url.pathname === '/files' && request.method === 'POST') return takeFile(request, response, options);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return say(request, response, 405, 'Only reading is allowed here.');
  if (url.pathname.startsWith('/captures/'))
    return giveCapture(url.pathname.slice('/captures/'.length), request, response, options);
  await sendPage(url.pathname, request, response, options.pageDir);
}

async function takeFile(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const given = decodeURIComponent(String(request.headers['x-file-name'] ?? 'file.ndjson'));
  const name = given.replace(/[^\p{L}\p{N}._ -]+/gu, '_').slice(-120) || 'file.ndjson';
  await mkdir(options.uploadDir, { recursive: true, mode: 0o700 });
  const path = join(options.uploadDir, `${Date.now()}-${name}`);
  try {
    await pipeline(request, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  const id = await options.onFile(name, path);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ id }));
}

/** A capture as a download, for this page alone: whoever else may have led the browser here gets nothing. */
async function giveCapture(
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  if (!options.guard.isOwnPage(request)) {
    return say(request, response, 403, 'Headwater gives captures to its own page only.');
  }
  const file = options.captureFile(id);
  const found = file && (await stat(file.path).catch(() => undefined));
  if (!file || !found) return say(request, response, 404, 'This capture is no longer there. Save it again.');
  const plainName = file.name.replace(/[^A-Za-z0-9._ -]/g, '_');
  response.writeHead(200, {
    'Content-Type': 'application/zip',
    'Content-Length': found.size,
    'Content-Disposition': `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'Cache-Control': 'no-store',
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

async function sendPage(
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
  dir: string,
): Promise<void> {
  const wanted = normalize(join(dir, decodeURIComponent(pathname)));
  const inside = wanted.startsWith(join(dir, '/'));
  const isFile = inside && extname(wanted) !== '' && (await stat(wanted).catch(() => undefined))?.isFile();
  if (!isFile && pathname.startsWith('/assets/'))
    return say(request, response, 404, 'There is nothing here.');
  // Views have addresses of their own; all of them are the one page.
  const path = isFile ? wanted : join(dir, 'index.html');
  const found = await stat(path).catch(() => undefined);
  if (!found) return say(request, response, 500, 'The page was not built. Run: npm run build');
  response.writeHead(200, {
    'Content-Type': contentTypes[extname(path)] ?? 'application/octet-stream',
    'Content-Length': found.size,
    'Cache-Control': pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  await pipeline(createReadStream(path), response);
}

/** A sentence: as a page for who reads pages, else as text. */
function say(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  const isReader = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
  if (isReader) for (const [name, value] of Object.entries(wordHeaders)) response.setHeader(name, value);
  response.writeHead(status, {
    'Content-Type': isReader ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(isReader ? wordPage(status, message) : `${message}\n`);
}

/** What is asked for; undefined where it cannot be read. A path may begin with two slashes and is a path still. */
function targetOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.parse(url.startsWith('/') ? `http://headwater${url}` : url) ?? undefined;
}
