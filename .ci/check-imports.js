import { globSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import config from '../.dependency-cruiser.js';
import { filesRead } from './see-every-import.js';

/*
 * Checks the imports against .dependency-cruiser.js, and that dependency-cruiser has read what there is: without a
 * parser that it can use it guesses, finds less, and passes.
 */

const reasons = {
  'not-in-allowed': 'its folder may not import that',
  'no-unresolved': 'there is no such file or package',
  'no-cycles': 'a cycle',
};
const { options, ...ruleSet } = config;
const folders = ['app', 'electron', 'renderer', 'e2e'];
const files = globSync(`{${folders.join(',')}}/**/*.{ts,tsx,js,mjs}`).map((file) =>
  file.replaceAll('\\', '/'),
);
const roots = folders.filter((folder) => files.some((file) => file.startsWith(`${folder}/`)));
if (roots.length === 0) fail(`No source files in ${folders.join(', ')}: is this the project's folder?`);

const { output } = await cruise(roots, { ...options, ruleSet, validate: true, outputType: 'json' });
const { modules, summary } = JSON.parse(output);

const read = new Set(modules.map(({ source }) => source));
const missing = files.filter((file) => !read.has(file));
if (missing.length > 0) fail(`dependency-cruiser did not read ${missing.join(', ')}.`);
const typescript = files.filter((file) => /[.]tsx?$/.test(file));
if (filesRead() < typescript.length) {
  fail(`swc read ${filesRead()} of ${typescript.length} files: is the @swc/core of this platform installed?`);
}

const unresolved = new Set(
  summary.violations
    .filter(({ rule }) => rule.name === 'no-unresolved')
    .map(({ from, to }) => `${from} ${to}`),
);
for (const { from, to, rule, cycle } of summary.violations) {
  if (rule.name === 'not-in-allowed' && unresolved.has(`${from} ${to}`)) continue;
  const path = cycle?.length > 0 ? [from, ...cycle.map(({ name }) => name)] : [from, to];
  const reason = reasons[rule.name] ?? rule.name;
  console.error(`${path.join(' → ')}: ${reason}`);
}
if (summary.error > 0) fail('What may import what is a table in .dependency-cruiser.js.');
console.log(`${files.length} files, ${summary.totalDependenciesCruised} imports, all of them allowed`);

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
