import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/** What is read beside the code while it runs. */
const filesBeside: Plugin = {
  name: 'files-beside',
  generateBundle() {
    for (const path of globSync('app/store/schema/*.sql', { cwd: root })) {
      const source = readFileSync(join(root, path));
      this.emitFile({ type: 'asset', fileName: `schema/${basename(path)}`, source });
    }
    const icon = readFileSync(join(root, 'electron/icons/icon.png'));
    this.emitFile({ type: 'asset', fileName: 'icon.png', source: icon });
  },
};

const output = {
  outDir: join(root, 'dist/electron'),
  copyPublicDir: false,
  minify: false,
  sourcemap: true,
  reportCompressedSize: false,
} as const;

/**
 * Builds the desktop shell and the engine that it forks: Electron runs no TypeScript. All files lie in one folder, so
 * that what one finds by its name beside itself (workers, schemas) is there. Packages stay packages; but a sandboxed
 * preload can load none, so it is one CommonJS file.
 */
export default defineConfig({
  root,
  environments: {
    main: {
      consumer: 'server',
      resolve: { conditions: ['node', 'import', 'default'] },
      build: {
        ...output,
        emptyOutDir: true,
        target: 'node24',
        ssr: true,
        rollupOptions: {
          input: {
            main: join(root, 'electron/main/main.ts'),
            utility: join(root, 'app/engine/utility.ts'),
            'store-worker': join(root, 'app/engine/store-worker.ts'),
            'recording-worker': join(root, 'app/engine/recording-worker.ts'),
          },
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
          plugins: [filesBeside],
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        ...output,
        emptyOutDir: false,
        target: 'chrome140',
        ssr: true,
        rollupOptions: {
          input: join(root, 'electron/preload/preload.ts'),
          output: { format: 'cjs', entryFileNames: 'preload.cjs' },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['main', 'preload']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
});
