import { printMoment } from './moment.ts';
import type { Query } from './query.ts';
import { quote } from './terms.ts';

const inWord = /[\s":=]/;
const inValue = /[\s"]/;

/** Writes a query so that `parseQuery` reads the same one: for links, history and "apply as filter". */
export function printQuery(query: Query): string {
  const value = (text: string): string => quote(text, inValue);
  return [
    ...query.keys.map((key) =>
      key.name === undefined ? quote(key.value, inWord) : `${quote(key.name, inWord)}=${value(key.value)}`,
    ),
    ...(query.status ? [`status:${query.status}`] : []),
    ...query.systems.map((system) => `system:${value(system)}`),
    ...query.channels.map((channel) => `channel:${value(channel)}`),
    ...query.types.map((type) => `type:${value(type)}`),
    ...(query.after ? [`after:${printMoment(query.after)}`] : []),
    ...(query.before ? [`before:${printMoment(query.before)}`] : []),
  ].join(' ');
}
