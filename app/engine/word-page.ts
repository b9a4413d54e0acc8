import { createHash } from 'node:crypto';
import { pageHeaders } from '../contract/page-headers.ts';

const style = `:root { color-scheme: light dark; }
body {
  display: grid;
  place-items: center;
  min-height: 100vh;
  margin: 0;
  font: 14px/1.6 system-ui, sans-serif;
  color: light-dark(oklch(0.42 0.018 255), oklch(0.765 0.014 255));
  background: light-dark(oklch(0.978 0.003 255), oklch(0.168 0.011 255));
}
main {
  box-sizing: border-box;
  max-width: 30rem;
  margin: 16px;
  padding: 24px 28px 28px;
  border: 1px solid light-dark(oklch(0.905 0.006 255), oklch(0.282 0.013 255));
  border-top: 3px solid light-dark(oklch(0.475 0.125 245), oklch(0.775 0.105 235));
  border-radius: 10px;
  background: light-dark(oklch(1 0 255), oklch(0.198 0.012 255));
}
small { font-size: 12px; font-weight: 500; letter-spacing: 0.02em; }
h1 { margin: 4px 0 12px; font-size: 18px; line-height: 24px; font-weight: 600; color: light-dark(oklch(0.235 0.015 255), oklch(0.935 0.007 255)); }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
p:last-child { margin: 0; }
code { font: 13px/1.5 ui-monospace, monospace; color: light-dark(oklch(0.235 0.015 255), oklch(0.935 0.007 255)); }
a { color: light-dark(oklch(0.475 0.125 245), oklch(0.775 0.105 235)); }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** What is sent with it: the page's own, but that nothing is loaded and only this style is taken. */
export const wordHeaders: Readonly<Record<string, string>> = {
  ...pageHeaders,
  'Content-Security-Policy':
    `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; ` +
    "frame-ancestors 'none'",
};

const titles: Readonly<Record<number, string>> = {
  400: 'This address cannot be read',
  401: 'This browser does not know the way in',
  403: 'Headwater does not answer here',
  404: 'There is nothing here',
};

const more: Readonly<Record<number, string>> = {
  400: '<p><a href="/">Go to Headwater</a></p>',
  401:
    '<p>The address looks like <code>http://127.0.0.1:7411/?token=…</code> It is printed when the engine starts, ' +
    'and changes when it starts anew. Scroll up in that terminal, or end the command and run it again.</p>',
  404: '<p><a href="/">Go to Headwater</a></p>',
};

/** A page of words, for whoever gets no other: no script, and nothing of what is recorded. */
export function wordPage(status: number, message: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Headwater</title>
    <style>${style}</style>
  </head>
  <body>
    <main>
      <small>Headwater</small>
      <h1>${titles[status] ?? 'Something went wrong'}</h1>
      <p>${escape(message)}</p>
      ${more[status] ?? ''}
    </main>
  </body>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
