import { pageOrigin } from '../../app/contract/desktop.ts';
import type { Contents, Electron, Session, WebPreferences } from './electron-api.ts';

/** The page is a page: it sees the bridge, and nothing of Node or Electron. */
export const pagePreferences: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  navigateOnDragDrop: false,
  // It would download dictionaries.
  spellcheck: false,
};

/** All that the page may ask the system for: its copy buttons. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Whether an address belongs to the page that the shell serves. */
export function isOurs(url: string | undefined): boolean {
  return url?.startsWith(`${pageOrigin}/`) ?? false;
}

/** Keeps every page, whatever opened it, at our address; other addresses are the browser's. */
export function guardContents(contents: Contents, openExternal: Electron['shell']['openExternal']): void {
  const elsewhere = (url: string): void => {
    // The system would start a program for any other protocol.
    if (URL.canParse(url) && new URL(url).protocol === 'https:')
      void openExternal(url).catch(() => undefined);
  };
  contents.on('will-navigate', (event) => {
    if (isOurs(event.url)) return;
    event.preventDefault();
    elsewhere(event.url);
  });
  // Neither a redirect nor a frame inside the page is something that the user has clicked.
  for (const moved of ['will-redirect', 'will-frame-navigate'] as const) {
    contents.on(moved as 'will-redirect', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
  }
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    elsewhere(url);
    return { action: 'deny' };
  });
}

/** Denies every permission but the one above, and every request to a network or a file. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(granted.has(permission) && isOurs(requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => granted.has(permission) && isOurs(`${origin.replace(/\/$/, '')}/`),
  );
  session.setDevicePermissionHandler(() => false);
  const urls = ['http', 'https', 'ws', 'wss', 'ftp'].map((scheme) => `${scheme}://*/*`);
  session.webRequest.onBeforeRequest({ urls: [...urls, 'file:///*'] }, (_details, answer) => {
    answer({ cancel: true });
  });
}
