import type { SharedValue, ValuePlace } from '../../model/explanation.ts';
import { ranks, type EventNode, type Token } from '../nodes.ts';
import { tokenKey } from '../scope.ts';
import type { Picture } from './picture.ts';
import { counted, entityWord, labelsAmong, labelsOf, listed } from './words.ts';

/** Where an event carries a value. */
export function placeOf(
  picture: Picture,
  node: EventNode,
  { key, value }: Pick<Token, 'key' | 'value'>,
): ValuePlace {
  const { keys, causes } = picture.facts(node);
  const found = keys.find((one) => tokenKey(one.name, one.value) === key);
  if (found) return { origin: found.origin, path: found.path };
  const cause = causes.find(({ id }) => id === value);
  if (cause) return { origin: 'cause', path: cause.path };
  return node.ids.includes(value)
    ? { origin: 'message-id', path: 'message id' }
    : { origin: 'event-name', path: 'the event’s name' };
}

/** Every value that both carry, what ties them first, and what each does. */
export function sharedValues(picture: Picture, a: EventNode, b: EventNode): SharedValue[] {
  const together = picture.cell(a) === picture.cell(b);
  const inB = new Set([...b.tokens, ...b.listed]);
  const tokens = [...new Set([...a.tokens, ...a.listed])].filter((token) => inB.has(token));
  tokens.sort((x, y) => x.rank - y.rank || (x.key < y.key ? -1 : 1));
  const values = tokens.map((token): SharedValue => {
    const { name, value } = token;
    const [from, to] = [placeOf(picture, a, token), placeOf(picture, b, token)];
    const ties = together && joins(token, a) && joins(token, b);
    return {
      name,
      value,
      from,
      to,
      ties,
      text: `${ties ? tieText(picture, token, a) : noTieText(token, a, b)}.`,
    };
  });
  return [...values, ...parties(picture, a, b, new Set(tokens.map(({ value }) => value)))].sort(
    (x, y) => Number(y.ties) - Number(x.ties),
  );
}

function joins(token: Token, node: EventNode): boolean {
  return node.tokens.includes(token) && token.joins(node);
}

function tieText(picture: Picture, token: Token, node: EventNode): string {
  const cell = picture.cell(node);
  const carriers = cell.filter((one) => joins(token, one)).length;
  return `It joins them: ${counted(carriers, 'event')} of this trace carry it`;
}

function noTieText(token: Token, a: EventNode, b: EventNode): string {
  const lister = [a, b].find((node) => !node.tokens.includes(token));
  if (lister) return 'One of them only lists it, as a batch does; what is listed joins nobody';
  const pair = [...new Set([...labelsOf(a), ...labelsOf(b)])].sort();
  switch (token.state) {
    case 'hub':
      return `It is a hub: ${counted(Math.max(token.soft, token.carriers.length), 'event')} or more carry it, too many to be one flow; a hub joins nobody`;
    case 'rejected':
      return `Events that carry it are about different things (${listed(labelsAmong(token.carriers, token))}), so it joins nobody`;
    case 'owned':
      return `It belongs to one of ${listed(labelsAmong(token.carriers, token))}, and an event about another is not joined by it`;
    case 'open':
      return pair.length > 1
        ? `It would put ${listed(pair)} into one trace, so it is not followed`
        : 'Following it would put two different things into one trace, so it is not followed';
  }
}

/** Values that both carry under a name that never joins: customers, accounts, places, counters. */
function parties(picture: Picture, a: EventNode, b: EventNode, told: ReadonlySet<string>): SharedValue[] {
  const inB = picture.facts(b).keys;
  return picture.facts(a).keys.flatMap((key): SharedValue[] => {
    const same = inB.find((other) => other.name === key.name && other.value === key.value);
    if (!same || told.has(key.value) || (key.role === 'joins' && same.role === 'joins')) return [];
    const { name, value } = key;
    const text = `Many flows share ${article(entityWord(name))}, so ${name} is for searching and joins nobody.`;
    const place = ({ origin, path }: ValuePlace): ValuePlace => ({ origin, path });
    return [{ name, value, from: place(key), to: place(same), ties: false, text }];
  });
}

function article(word: string): string {
  return `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** The value that fewest events carry, of those that tie both: what a guess rests on. */
export function closestValue(a: EventNode, b: EventNode): Token | undefined {
  return a.tokens
    .filter((token) => token.state !== 'hub' && token.state !== 'rejected' && b.tokens.includes(token))
    .sort((x, y) => x.carriers.length - y.carriers.length || x.rank - y.rank || (x.key < y.key ? -1 : 1))[0];
}

/** Whether they were traced together by the services themselves. */
export function isTracedTogether(a: EventNode, b: EventNode): boolean {
  return a.tokens.some(
    (token) => token.rank === ranks.trace && token.state !== 'hub' && b.tokens.includes(token),
  );
}
