import { hashText } from '../base/hash.ts';
import type { Json } from '../model/message.ts';

/** Fields whose value, not only their presence, tells what has happened. */
const telling = new Set(['status', 'state', 'kind', 'action', 'op', 'operation', 'command', 'step', 'result', 'outcome']);
/** What wraps the message proper, so that its fields tell as much as those at the top. */
const bodies = new Set(['data', 'payload', 'body', 'message', 'detail', 'content']);
const maxFields = 64;

/**
 * What sort of message a payload is, where nothing says so: the same for payloads of the same fields, and of the same
 * words where a field says what has happened (`status`). Undefined for what is no object.
 */
export function shapeOf(json: Json | undefined): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const says: string[] = [];
  read(json, '', says);
  return hashText(says.sort().join(' ')).toString(36);
}

function read(value: object, prefix: string, says: string[]): void {
  if (Array.isArray(value)) {
    says.push(`${prefix}[]`);
    return;
  }
  for (const [name, own] of Object.entries(value as Readonly<Record<string, Json>>).slice(0, maxFields)) {
    const path = prefix + name;
    if (typeof own === 'string' && telling.has(name) && /^[A-Za-z_. -]{1,40}$/.test(own)) says.push(`${path}=${own}`);
    else if (typeof own === 'object' && own !== null && prefix === '' && bodies.has(name)) read(own, `${path}.`, says);
    // An absent field and an empty one mean the same to most.
    else if (own !== null) says.push(path);
  }
}
