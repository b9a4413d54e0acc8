import './.ci/see-every-import.js';

/**
 * Which folder may import from which: everything that is not allowed here is an error. ARCHITECTURE.md explains the
 * layers; change both together.
 *
 * The deepest folder that holds a file decides. A folder may always import from itself. `folder/*` stands for each
 * folder in it, which are strangers to each other. `types folder` allows `import type` only. Files named `*.test.ts`
 * obey the rule of their folder.
 */
const mayImport = {
  'app/base': [],
  'app/language': [],
  'app/contract': ['app/language'],
  'app/model': ['app/base'],
  'app/connectors': ['app/connectors/*', 'app/model', 'app/base'],
  'app/connectors/*': ['app/model', 'app/base'],
  'app/decode': ['app/model', 'app/base'],
  'app/correlate': ['app/model', 'app/base'],
  'app/store': ['app/model', 'app/base'],
  'app/format': ['types app/store', 'app/model', 'app/base'],
  'app/analyze': ['app/model', 'app/base'],
  'app/pipeline': [
    'app/connectors',
    'app/decode',
    'app/correlate',
    'app/analyze',
    'app/store',
    'app/format',
    'app/model',
    'app/base',
  ],
  'app/query': ['app/store', 'app/analyze', 'app/language', 'app/contract', 'app/model', 'app/base'],
  'app/rpc': ['app/query', 'app/pipeline', 'types app/store', 'app/contract', 'app/model', 'app/base'],
  'app/engine': [
    'app/rpc',
    'app/query',
    'app/pipeline',
    'app/analyze',
    'app/format',
    'app/store',
    'app/correlate',
    'app/decode',
    'app/connectors',
    'app/model',
    'app/contract',
    'app/language',
    'app/base',
  ],
  'app/cli': ['app'],

  'electron/main': ['app/contract'],
  'electron/preload': ['app/contract'],

  // `app/contract/page` is all that a page may see of the engine, `desktop` all that it may see of a shell around it.
  renderer: ['renderer', 'app/contract/page', 'app/contract/desktop', 'app/language'],
  'renderer/features': [
    'renderer/features/*',
    'renderer/canvas',
    'renderer/state',
    'renderer/rpc',
    'renderer/widgets',
    'app/contract/page',
    'app/language',
  ],
  'renderer/features/*': [
    'renderer/canvas',
    'renderer/state',
    'renderer/rpc',
    'renderer/widgets',
    'app/contract/page',
    'app/language',
  ],
  'renderer/canvas': [
    'renderer/state',
    'renderer/rpc',
    'renderer/widgets',
    'app/contract/page',
    'app/language',
  ],
  'renderer/state': ['renderer/rpc', 'app/contract/page', 'app/contract/desktop', 'app/language'],
  'renderer/rpc': ['app/contract/page', 'app/contract/desktop', 'app/language'],
  'renderer/widgets': ['app/contract/page', 'app/language'],

  e2e: ['e2e', 'app/contract', 'app/language'],
  'e2e/bench': ['e2e', 'app'],
  // One connector against its real broker, without the engine around it; the demo knows what Headwater should find.
  'e2e/connectors': ['e2e', 'app/connectors/*', 'app/model', 'app/base'],
  'e2e/brokers': [],
  // The sample shop is an ordinary system that knows nothing of Headwater.
  'e2e/shop': ['e2e/brokers'],
};

/** Which npm packages a folder may import: those of package.json's list, or the ones that are named. */
const mayUse = {
  app: ['dependencies'],
  'app/base': [],
  'app/language': [],
  'app/contract': ['@orpc/contract', 'zod'],
  'app/model': ['zod'],
  electron: ['dependencies', 'electron'],
  // What a page is made of is bundled, so it is a devDependency; it shares the contract's packages with the engine.
  renderer: ['devDependencies', '@orpc/client', '@orpc/contract', 'comlink', 'zod'],
  e2e: ['dependencies', 'devDependencies'],
};

const inTests = ['vitest', 'fast-check'];

/** Folders that run where there is no Node. */
const withoutNode = ['app/language', 'app/contract', 'renderer'];

const tests = '[.]test[.]tsx?$';
const escape = (text) => text.replaceAll(/[.+^$()|[\]{}\\]/g, '\\$&');
/** Everything in the folder, or the file of that name; `*` is any one folder. */
const inside = (folder) => `^${escape(folder).replaceAll('*', '[^/]+')}(?:/|[.]tsx?$)`;
const onlyIn = (table, folder) => ({
  path: folder.includes('*') ? `^${escape(folder).replaceAll('*', '([^/]+)')}/` : inside(folder),
  // A deeper row of the table has a rule of its own.
  pathNot: Object.keys(table)
    .filter((other) => other.startsWith(`${folder}/`))
    .map((other) => `^${escape(other).replaceAll('*', '[^/]+')}/`),
});

const ofFolders = Object.entries(mayImport).flatMap(([folder, others]) => {
  const from = onlyIn(mayImport, folder);
  const itself = folder.includes('*') ? `^${escape(folder).replace('*', '$1')}/` : from.path;
  const types = others.filter((other) => other.startsWith('types ')).map((other) => inside(other.slice(6)));
  const all = others.filter((other) => !other.startsWith('types ')).map(inside);
  return [
    { from, to: { path: itself, pathNot: from.pathNot } },
    ...(all.length > 0 ? [{ from, to: { path: all } }] : []),
    ...(types.length > 0 ? [{ from, to: { path: types, dependencyTypes: ['type-only'] } }] : []),
  ];
});

const packages = (names) => `node_modules/(?:@types/)?(?:${names.map(escape).join('|')})/`;
const ofPackages = Object.entries(mayUse).flatMap(([folder, names]) => {
  const from = onlyIn(mayUse, folder);
  const named = names.filter((name) => !name.endsWith('ependencies'));
  return [
    ...(names.includes('dependencies') ? [{ from, to: { dependencyTypes: ['npm'] } }] : []),
    ...(names.includes('devDependencies') ? [{ from, to: { dependencyTypes: ['npm-dev'] } }] : []),
    ...(named.length > 0 ? [{ from, to: { path: packages(named) } }] : []),
  ];
});

const anywhereWithNode = `^(?:app|electron|e2e)/`;

export default {
  allowedSeverity: 'error',
  allowed: [
    ...ofFolders,
    ...ofPackages,
    { from: { path: tests }, to: { path: packages(inTests) } },
    { from: { path: tests }, to: { dependencyTypes: ['core'] } },
    {
      from: { path: anywhereWithNode, pathNot: withoutNode.map(inside) },
      to: { dependencyTypes: ['core'] },
    },
  ],
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Files that import each other cannot be understood or tested alone. Type-only imports count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere says nothing about what the folder depends on.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, dependencyTypesNot: ['core'] },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'style'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json', '.css', '.node'],
    },
  },
};
