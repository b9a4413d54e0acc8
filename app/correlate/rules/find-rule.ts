import { ruleSets } from './index.ts';
import { plainName, type Meaning, type RuleSet } from './rule.ts';

/** Whose rule it is, and where that is written down. */
export type RuleSource = Pick<RuleSet, 'framework' | 'source'>;

/**
 * The rule by which a field was understood, from where the field was: the name of a header or property, or a path in the
 * payload. As in looking them up, the first that says so is the one.
 */
export function findRule(path: string, means: (meaning: Meaning) => boolean): RuleSource | undefined {
  const field = path.slice(path.lastIndexOf('.') + 1);
  for (const rules of ruleSets) {
    const { framework, source, prefixes = [] } = rules;
    const prefix = prefixes.find((p) => path.toLowerCase().startsWith(p.toLowerCase()));
    const rest = prefix === undefined ? undefined : path.slice(prefix.length).toLowerCase();
    const meanings = [
      rest === undefined ? undefined : own(rules.prefixed, rest),
      own(rules.headers, plainName(path)),
      own(rules.properties, path),
      own(rules.payload, plainName(field)),
    ];
    if (meanings.some((meaning) => meaning && means(meaning))) return { framework, source };
  }
  return undefined;
}

function own(table: Readonly<Record<string, Meaning>> | undefined, name: string): Meaning | undefined {
  return table && Object.hasOwn(table, name) ? table[name] : undefined;
}
