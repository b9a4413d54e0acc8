import type { DesktopBridge } from '../../app/contract/desktop.ts';

/** The desktop shell around this page; undefined in a browser. */
export const desktop = (globalThis as { readonly headwater?: DesktopBridge }).headwater;
