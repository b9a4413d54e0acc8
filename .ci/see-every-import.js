import { Visitor } from '@swc/core/Visitor.js';

/*
 * dependency-cruiser finds imports with TypeScript's JavaScript API, which TypeScript 7 does not have, or with swc. It
 * walks swc's tree with a visitor that swc no longer maintains: that one throws at a `using` declaration and misses
 * `import('…')` in most types. Here the visitor walks whatever is in the tree and shows dependency-cruiser each node
 * that can name a module.
 */

const show = {
  ImportDeclaration: (visitor, node) => visitor.visitImportDeclaration(node),
  ExportNamedDeclaration: (visitor, node) => visitor.visitExportNamedDeclaration(node),
  ExportAllDeclaration: (visitor, node) => visitor.visitExportAllDeclaration(node),
  TsImportEqualsDeclaration: (visitor, node) => visitor.visitTsImportEqualsDeclaration(node),
  CallExpression: (visitor, node) => visitor.visitCallExpression(node),
  TsImportType: (visitor, node) => visitor.visitTsTypeAnnotation({ typeAnnotation: node }),
  NewExpression: (visitor, node) => {
    const module = workerModule(node);
    if (module) {
      const callee = { type: 'Import' };
      visitor.visitCallExpression({ type: 'CallExpression', callee, arguments: [{ expression: module }] });
    }
  },
};

/** `new Worker(new URL('./worker.ts', import.meta.url))` runs another file, as `import('./worker.ts')` does. */
function workerModule({ callee, arguments: [first] = [] }) {
  const url = first?.expression;
  const isWorker = callee.value === 'Worker' && url?.type === 'NewExpression' && url.callee.value === 'URL';
  const path = isWorker ? url.arguments[0]?.expression : undefined;
  return path?.type === 'StringLiteral' ? path : undefined;
}

let read = 0;
/** How many files were read this way. */
export const filesRead = () => read;

Visitor.prototype.visitModule = function visitModule(module) {
  read += 1;
  const waiting = [module];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    show[node.type]?.(this, node);
    waiting.push(...Object.values(node).filter((value) => value !== null && typeof value === 'object'));
  }
  return module;
};

// dependency-cruiser calls these for what lies below, which has been seen above.
for (const name of [
  'visitImportDeclaration',
  'visitExportNamedDeclaration',
  'visitExportNamedDeclration',
  'visitExportAllDeclaration',
  'visitExportAllDeclration',
  'visitTsImportEqualsDeclaration',
  'visitCallExpression',
  'visitTsTypeAnnotation',
]) {
  Visitor.prototype[name] = (node) => node;
}
