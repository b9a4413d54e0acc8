import { describe, expect, it } from 'vitest';
import { guardContents, guardSession, isOurs, pagePreferences } from './guards.ts';
import { ContentsDouble, SessionDouble } from './test-support/electron-double.ts';

function guarded() {
  const contents = new ContentsDouble();
  const external: string[] = [];
  guardContents(contents, (url) => {
    external.push(url);
    return Promise.resolve();
  });
  return { contents, external };
}

describe('what the page may do', () => {
  it('is sandboxed, isolated, and has no Node', () => {
    expect(pagePreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
    });
  });

  it('stays at its own address; a link elsewhere opens in the browser, and only over https', () => {
    const { contents, external } = guarded();
    expect(contents.goes('will-navigate', 'headwater://app/traces?q=1')).toBe(true);
    expect(contents.goes('will-navigate', 'https://example.org/docs')).toBe(false);
    for (const url of [
      'http://example.org/',
      'file:///etc/passwd',
      'headwater://other/',
      'headwater://app.example.org/',
      'javascript:alert(1)',
      'smb://host/share',
      'ms-msdt:/id',
      'not an address',
    ]) {
      expect([url, contents.goes('will-navigate', url)]).toEqual([url, false]);
    }
    expect(external).toEqual(['https://example.org/docs']);
  });

  it('cannot be led away by a redirect or a frame, which nobody has clicked', () => {
    const { contents, external } = guarded();
    expect(contents.goes('will-redirect', 'https://example.org/')).toBe(false);
    expect(contents.goes('will-frame-navigate', 'https://example.org/')).toBe(false);
    expect(contents.goes('will-frame-navigate', 'headwater://app/')).toBe(true);
    expect(contents.goes('will-attach-webview', '')).toBe(false);
    expect(external).toEqual([]);
  });

  it('opens no windows', () => {
    const { contents, external } = guarded();
    expect(contents.openHandler?.({ url: 'headwater://app/' })).toEqual({ action: 'deny' });
    expect(contents.openHandler?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
    expect(external).toEqual(['https://example.org/']);
  });

  it('is granted its copy buttons, and nothing else of the system', () => {
    const session = new SessionDouble();
    guardSession(session);
    const asked = (permission: string, requestingUrl = 'headwater://app/traces') => {
      let granted: boolean | undefined;
      session.ask?.(undefined, permission, (answer) => (granted = answer), { requestingUrl });
      return granted;
    };
    expect(asked('clipboard-sanitized-write')).toBe(true);
    expect(asked('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'hid',
    ])
      expect([permission, asked(permission)]).toEqual([permission, false]);
    expect(session.check?.(undefined, 'clipboard-sanitized-write', 'headwater://app/')).toBe(true);
    expect(session.check?.(undefined, 'clipboard-sanitized-write', 'https://example.org')).toBe(false);
    expect(session.check?.(undefined, 'media', 'headwater://app')).toBe(false);
    expect(session.device?.()).toBe(false);
  });

  it('reaches neither a network nor files', () => {
    const session = new SessionDouble();
    guardSession(session);
    for (const url of ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file:///*'])
      expect(session.blocked).toContain(url);
  });

  it('takes no look-alike for its own address', () => {
    for (const url of [
      'headwater://app',
      'headwater://app@evil/',
      'headwater://appx/',
      'HEADWATER:app',
      undefined,
    ])
      expect([url, isOurs(url)]).toEqual([url, false]);
    expect(isOurs('headwater://app/')).toBe(true);
  });
});
