import type { KeyGroup, KeyReport, NamedKey } from '../model/key-report.ts';
import type { Field, FieldVerdict } from './key-field.ts';
import type { Fields } from './key-fields.ts';
import { isFoundNumber } from './found.ts';
import type { Overlap, Support } from './judge.ts';
import { processRank } from './names.ts';

/** Example values of a name. */
const examples = 3;
/** Two names are one key if so many of the values that both could hold are in both. */
const sameShare = 0.5;
const leastSame = 2;

interface Judged {
  readonly field: Field;
  readonly support: Support;
}

/** What the user is shown of all names: verdicts, what they rest on, and which names are one key. */
export function reportKeys(fields: Fields): KeyReport {
  const judged = fields.all().map((field): Judged => ({ field, support: fields.support(field) }));
  const byName = Map.groupBy(judged, ({ field }) => field.name);
  const named = [...byName].map(([name, all]) => nameOf(name, all, fields)).sort(byWorth);
  const groupOf = new Map(named.map((key) => [key.name, [key]]));
  const commonOf = new Map<string, number>();
  for (const { field, support } of judged) {
    for (const overlap of support.overlaps) {
      const common = sameValues(field, overlap);
      const [a, b] = [groupOf.get(field.name), groupOf.get(overlap.field.name)];
      if (common === 0 || !a || !b || field.name === overlap.field.name) continue;
      for (const name of [field.name, overlap.field.name])
        commonOf.set(name, Math.max(common, commonOf.get(name) ?? 0));
      if (a === b) continue;
      a.push(...b);
      for (const key of b) groupOf.set(key.name, a);
    }
  }
  return named.flatMap((key): KeyGroup[] => {
    const names = groupOf.get(key.name) ?? [];
    names.sort(byWorth);
    if (names[0] !== key) return [];
    const [, ...others] = names;
    return [
      {
        names,
        common: others.length === 0 ? 0 : Math.min(...others.map(({ name }) => commonOf.get(name) ?? 0)),
      },
    ];
  });
}

/** How many values two fields have in common, about, if so many that they hold the same; else 0. */
function sameValues(field: Field, { field: other, common, comparable }: Overlap): number {
  // Where many flows share a value, equal values say nothing of what the names mean.
  if (common < leastSame || field.verdict === 'shared' || other.verdict === 'shared') return 0;
  if (common < comparable * sameShare) return 0;
  return Math.round((common / comparable) * field.distinct);
}

function nameOf(name: string, all: readonly Judged[], fields: Fields): NamedKey {
  const [{ field: first }] = all as [Judged, ...Judged[]];
  // The same values come in several channels: the field with most of them speaks for the name.
  const main = all.reduce((most, one) => (one.field.distinct > most.field.distinct ? one : most));
  const { field, support } = main;
  const share = (part: number) => Math.round((part / Math.max(1, support.values)) * field.distinct);
  const said = fields.said(name);
  const verdict = verdictOf(all);
  const texts = [...field.values.values()].map(({ text }) => text);
  const channels = new Set(
    all.flatMap(({ field: own, support: { overlaps, tied } }) =>
      tied === 0
        ? []
        : [own.channelKey, ...overlaps.filter(isTie).map(({ field: other }) => other.channelKey)],
    ),
  );
  return {
    name,
    sort: first.sort,
    verdict,
    joins: said ? (said === 'accept' ? 'all' : 'none') : joinsOf(all, texts),
    ...(said && { said }),
    fields: all.map(({ field: { channel, path, origin, verdict: own } }) => ({
      channel,
      path,
      origin,
      verdict: own,
    })),
    values: field.distinct,
    tied: Math.max(
      ...all.map((one) =>
        Math.round((one.support.tied / Math.max(1, one.support.values)) * one.field.distinct),
      ),
    ),
    recurring: share(support.recurring),
    channels: channels.size,
    examples: texts.slice(0, examples),
  };
}

function isTie({ common, comparable }: Overlap): boolean {
  return common >= leastSame && common >= comparable * 0.05;
}

/** What is shared in one channel only ties in others, and is a key there. */
function verdictOf(all: readonly Judged[]): FieldVerdict {
  const has = (verdict: FieldVerdict) => all.some(({ field }) => field.verdict === verdict);
  return has('key') ? 'key' : has('unsure') ? 'unsure' : 'shared';
}

function joinsOf(all: readonly Judged[], texts: readonly string[]): NamedKey['joins'] {
  const policies = new Set(all.map(({ field }) => field.policy));
  if (all[0]?.field.sort === 'found' && texts.every(isFoundNumber)) return 'none';
  return policies.has('all') ? 'all' : policies.has('random') ? 'random' : 'none';
}

/** Keys of processes first, then what joins, then what ties most. */
function byWorth(a: NamedKey, b: NamedKey): number {
  const rank = ({ name, joins, verdict }: NamedKey) =>
    processRank(name) ?? (joins === 'all' ? 1_000 : verdict !== 'shared' ? 2_000 : 3_000);
  return rank(a) - rank(b) || b.tied - a.tied || b.values - a.values || (a.name < b.name ? -1 : 1);
}
