import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'app/cli/main.ts',
    'app/engine/*-worker.ts',
    'app/engine/utility.ts',
    'electron/{main/main,preload/preload}.ts',
    'e2e/**/run.ts',
    'e2e/eval/sets/make.ts',
    // Its index.html loads it.
    'e2e/bench/ui/bare-flow.ts',
    'e2e/shop/services/*.ts',
    '{app,electron,renderer,e2e}/**/*.test.{ts,tsx}',
    'e2e/electron/*.spec.ts',
    '.ci/*.{js,ts}',
  ],
  project: ['{app,renderer,e2e,electron}/**/*.{ts,tsx,js,mjs}', '.ci/*.{js,ts}', '*.{ts,js}'],
  // A type that a file exports beside what uses it is its documentation.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
