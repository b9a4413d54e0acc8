/**
 * JSON as a flat list of its values, in reading order. Read without recursion, so that 10,000 levels are no danger;
 * values stay slices of the text, so that large numbers, repeated names and names such as `__proto__` are shown as sent.
 */
export interface JsonNode {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'word';
  readonly depth: number;
  /** Index of the value that holds this one; −1 for the whole. */
  readonly parent: number;
  /** Its name within an object, or place within an array. */
  readonly name: string | number | undefined;
  /** Where it lies in the text. */
  readonly start: number;
  end: number;
  /** How many values it holds itself. */
  size: number;
  /** Index of the next value that is not inside this one. */
  next: number;
}

interface Open {
  readonly index: number;
  readonly close: '}' | ']';
}

// Unrolled, so that long strings need no backtracking. Control characters are what JSON forbids in strings.
const scalar =
  // eslint-disable-next-line no-control-regex
  /"[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const gap = /[ \t\r\n]*/y;

/** Reads JSON; undefined where the text is none. */
export function readJson(text: string): readonly JsonNode[] | undefined {
  const nodes: JsonNode[] = [];
  const open: Open[] = [];
  let at = skip(text, 0);
  let name: string | number | undefined;
  /** True where a value has just ended and a comma or a close must follow. */
  let ended = false;
  for (;;) {
    const top = open.at(-1);
    const holder = top ? nodes[top.index] : undefined;
    if (ended) {
      if (!top || !holder) return at === text.length ? nodes : undefined;
      const mark = text[at];
      at = skip(text, at + 1);
      if (mark === top.close) {
        close(nodes, open, endBefore(text, at));
        continue;
      }
      if (mark !== ',') return undefined;
    } else if (top && holder && holder.size === 0 && text[at] === top.close) {
      at = skip(text, at + 1);
      close(nodes, open, endBefore(text, at));
      ended = true;
      continue;
    }
    if (top?.close === '}') {
      const key = match(scalar, text, at);
      if (key?.[0] !== '"') return undefined;
      at = skip(text, at + key.length);
      if (text[at] !== ':') return undefined;
      at = skip(text, at + 1);
      name = unquoted(key);
    } else name = holder?.size;
    if (holder) holder.size++;
    const first = text[at];
    const base = { depth: open.length, parent: top?.index ?? -1, name, start: at, size: 0 };
    if (first === '{' || first === '[') {
      const kind = first === '{' ? 'object' : 'array';
      open.push({ index: nodes.length, close: first === '{' ? '}' : ']' });
      nodes.push({ ...base, kind, end: at + 1, next: nodes.length + 1 });
      at = skip(text, at + 1);
      ended = false;
    } else {
      const value = match(scalar, text, at);
      if (value === undefined) return undefined;
      const kind =
        first === '"' ? 'string' : first === 't' || first === 'f' || first === 'n' ? 'word' : 'number';
      nodes.push({ ...base, kind, end: at + value.length, next: nodes.length + 1 });
      at = skip(text, at + value.length);
      ended = true;
    }
  }
}

function close(nodes: JsonNode[], open: Open[], end: number): void {
  const node = nodes[open.pop()?.index ?? -1];
  if (!node) return;
  node.end = end;
  node.next = nodes.length;
}

function skip(text: string, at: number): number {
  gap.lastIndex = at;
  gap.test(text);
  return gap.lastIndex;
}

/** The end of what was closed before the blanks that were skipped. */
function endBefore(text: string, at: number): number {
  let end = at;
  while (end > 0 && text[end - 1] !== '}' && text[end - 1] !== ']') end--;
  return end;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A JSON string without its quotes and escapes; as written where an escape is wrong. */
export function unquoted(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

/** Indexes of the values that are on screen: those in closed objects and arrays are left out. */
export function visibleNodes(nodes: readonly JsonNode[], isOpen: (index: number) => boolean): number[] {
  const visible: number[] = [];
  for (let index = 0; index < nodes.length;) {
    const node = nodes[index];
    if (!node) break;
    visible.push(index);
    index = node.size > 0 && !isOpen(index) ? node.next : index + 1;
  }
  return visible;
}

/** The way to a value: `data.order.id`, `lines[0].sku`. */
export function pathOf(nodes: readonly JsonNode[], index: number): string {
  const parts: string[] = [];
  for (let at = index; at >= 0; at = nodes[at]?.parent ?? -1) {
    const name = nodes[at]?.name;
    if (typeof name === 'number') parts.push(`[${name}]`);
    else if (name !== undefined)
      parts.push(/^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);
  }
  return parts.toReversed().join('').replace(/^\./, '');
}

/** The text indented by two, its values exactly as they were sent. */
export function indented(text: string, nodes: readonly JsonNode[]): string {
  const lines: string[] = [];
  const open: JsonNode[] = [];
  const finish = (until: number): void => {
    for (let top = open.at(-1); top && until >= top.next; top = open.at(-1)) {
      open.pop();
      lines.push(`${'  '.repeat(top.depth)}${top.kind === 'object' ? '}' : ']'}${comma(nodes, top)}`);
    }
  };
  for (const [index, node] of nodes.entries()) {
    finish(index);
    const label = typeof node.name === 'string' ? `${JSON.stringify(node.name)}: ` : '';
    const indent = '  '.repeat(node.depth) + label;
    if (node.size > 0) {
      lines.push(indent + (node.kind === 'object' ? '{' : '['));
      open.push(node);
    } else if (node.kind === 'object' || node.kind === 'array') {
      lines.push(`${indent}${node.kind === 'object' ? '{}' : '[]'}${comma(nodes, node)}`);
    } else lines.push(indent + text.slice(node.start, node.end) + comma(nodes, node));
  }
  finish(nodes.length);
  return lines.join('\n');
}

function comma(nodes: readonly JsonNode[], node: JsonNode): string {
  return nodes[node.next]?.parent === node.parent && node.parent >= 0 ? ',' : '';
}
