import type { EventRef } from '../../model/explanation.ts';
import { keyName } from '../names.ts';
import type { EventNode, Verdict } from '../nodes.ts';

/** How explanations call things. */

export function eventRef({ id, type, channel, time }: EventNode): EventRef {
  return { id, ...(type !== undefined && { type }), channel: channel.name, time };
}

/** `OrderPlaced on orders`. */
export function nameOf({ type, channel }: EventNode): string {
  return `${type ?? 'an event'} on ${channel.name}`;
}

/** The same where a sentence begins. */
export function startingWith(node: EventNode): string {
  return nameOf(node).replace(/^an event /, 'An event ');
}

/** What an event is about: `orderId=12345`. */
export function labelsOf(node: EventNode): string[] {
  return node.labels.flatMap(({ key }) => {
    const token = node.tokens.find((one) => one.key === key);
    return token ? [`${token.name}=${token.value}`] : [];
  });
}

/** The labels of a rank among some events, each once: the orders that keep them apart. */
export function labelsAmong(nodes: readonly EventNode[], { best }: Verdict): string[] {
  const found = new Set<string>();
  for (const node of nodes) {
    for (const label of node.labels) {
      const token = label.rank === best?.rank && node.tokens.find(({ key }) => key === label.key);
      if (token) found.add(`${token.name}=${token.value}`);
    }
  }
  return [...found].sort();
}

/** `a, b and c`, of many only the first few. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** What a key names, in a word: `customer` for `customerId`. */
export function entityWord(name: string): string {
  return (keyName(name)?.name ?? name).replace(/(?:Id|Number)$/, '').toLowerCase();
}

export function percent(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}

/** `1 event`, `2 events`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
