import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { pageOrigin } from '../../app/contract/desktop.ts';
import { contentTypes, pageHeaders } from '../../app/contract/page-headers.ts';
import { goneAddress, gonePage, goneStyle } from './gone-page.ts';

/** Answers requests for the page: files of its folder, and the one page for the address of every view. */
export function createPageHandler(dir: string): (request: Request) => Promise<Response> {
  return async ({ url, method }) => {
    if (!url.startsWith(`${pageOrigin}/`)) return plain(404, 'There is nothing here.');
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only reading is allowed here.');
    const { pathname } = new URL(url);
    if (pathname === goneAddress.page) return answer('.html', gonePage);
    if (pathname === goneAddress.style) return answer('.css', goneStyle);
    const wanted = fileFor(dir, pathname);
    const content = wanted && (await readFile(wanted).catch(() => undefined));
    if (content) return answer(extname(wanted), content);
    if (pathname.startsWith('/assets/')) return plain(404, 'There is nothing here.');
    const index = await readFile(join(dir, 'index.html')).catch(() => undefined);
    return index ? answer('.html', index) : plain(500, 'The page was not built. Run: npm run build');
  };
}

/** The file that an address names; undefined for one that names a view, or leads out of the folder. */
function fileFor(dir: string, pathname: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const file = join(dir, path);
  const inside = file.startsWith(join(dir, sep)) && !path.includes('\0');
  return inside && Object.hasOwn(contentTypes, extname(file)) ? file : undefined;
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
