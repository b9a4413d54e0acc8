import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the page. Nothing is inlined as a data URL and no inline script is written, so that a strict CSP holds. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    sourcemap: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark(), oklch() and nesting are kept as written.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // React Flow and React are one screen; CodeMirror and the canvas load when first shown.
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
  },
});
