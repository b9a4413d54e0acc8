/** What the window shows when the page's process has ended: no script, so that nothing can go wrong in it. */
export const goneAddress = { page: '/shell/gone', style: '/shell/gone.css' } as const;

export const gonePage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Headwater</title>
    <link rel="stylesheet" href="${goneAddress.style}" />
  </head>
  <body>
    <main>
      <h1>The page stopped</h1>
      <p>Its process ended, perhaps for want of memory. The engine is another process: it goes on recording, and nothing that was recorded is lost.</p>
      <p><a href="/">Reload the page</a></p>
    </main>
  </body>
</html>
`;

export const goneStyle = `:root { color-scheme: light dark; }
body {
  display: grid;
  place-items: center;
  min-height: 100vh;
  margin: 0;
  font: 13px/1.6 system-ui, sans-serif;
  color: light-dark(oklch(0.25 0.01 250), oklch(0.92 0.01 250));
  background: light-dark(oklch(0.99 0.002 250), oklch(0.19 0.01 250));
}
main { max-width: 26rem; padding: 24px; }
h1 { margin: 0 0 8px; font-size: 17px; font-weight: 600; }
a {
  display: inline-block;
  padding: 6px 12px;
  border-radius: 6px;
  color: light-dark(oklch(1 0 0), oklch(0.15 0.01 250));
  background: light-dark(oklch(0.5 0.14 250), oklch(0.78 0.1 250));
  text-decoration: none;
}
`;
