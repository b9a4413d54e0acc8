import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pageOrigin } from '../../app/contract/desktop.ts';
import { contentTypes, pageHeaders } from '../../app/contract/page-headers.ts';
import { goneAddress, gonePage, goneStyle } from './gone-page.ts';

type CaptureFile = (id: string) => Promise<{ readonly name: string; readonly path: string } | undefined>;

/**
 * Answers requests for the page: files of its folder, the one page for the address of every view, and captures that
 * were saved, which Electron asks the user where to put.
 */
export function createPageHandler(
  dir: string,
  captureFile: CaptureFile,
): (request: Request) => Promise<Response> {
  return async ({ url, method }) => {
    if (!url.startsWith(`${pageOrigin}/`)) return plain(404, 'There is nothing here.');
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only reading is allowed here.');
    const { pathname } = new URL(url);
    if (pathname === goneAddress.page) return answer('.html', gonePage);
    if (pathname === goneAddress.style) return answer('.css', goneStyle);
    if (pathname.startsWith('/captures/'))
      return giveCapture(pathname.slice('/captures/'.length), captureFile);
    const wanted = fileFor(dir, pathname);
    const content = wanted && (await readFile(wanted).catch(() => undefined));
    if (content) return answer(extname(wanted), content);
    if (pathname.startsWith('/assets/')) return plain(404, 'There is nothing here.');
    const index = await readFile(join(dir, 'index.html')).catch(() => undefined);
    return index ? answer('.html', index) : plain(500, 'The page was not built. Run: npm run build');
  };
}

async function giveCapture(id: string, captureFile: CaptureFile): Promise<Response> {
  const file = await captureFile(decoded(id) ?? '').catch(() => undefined);
  const found = file && (await stat(file.path).catch(() => undefined));
  if (!file || !found) return plain(404, 'This capture is no longer there. Save it again.');
  return new Response(Readable.toWeb(createReadStream(file.path)) as ReadableStream, {
    headers: {
      ...pageHeaders,
      'Content-Type': 'application/zip',
      'Content-Length': String(found.size),
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'Cache-Control': 'no-store',
    },
  });
}

/** The file that an address names; undefined for one that names a view, or leads out of the folder. */
function fileFor(dir: string, pathname: string): string | undefined {
  const path = decoded(pathname);
  if (path === undefined) return undefined;
  const file = join(dir, path);
  const inside = file.startsWith(join(dir, sep)) && !path.includes('\0');
  return inside && Object.hasOwn(contentTypes, extname(file)) ? file : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function answer(extension: string, content: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(content, {
    headers: { ...pageHeaders, 'Content-Type': contentTypes[extension] ?? '', 'Cache-Control': 'no-cache' },
  });
}

function plain(status: number, message: string): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { ...pageHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
