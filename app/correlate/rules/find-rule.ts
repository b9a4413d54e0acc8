import { builtIn } from './built-in.ts';
import { plainName, type Meaning, type RuleSet } from './rule.ts';

/** Whose rule it is, and where that is written down. */
export interface RuleSource {
  readonly framework: string;
  readonly source: string;
}

type Table = Readonly<Record<string, Meaning | readonly Meaning[]>> | undefined;

/**
 * The rule by which a field was understood, from where the field was: the name of a header or property, or a path in the
 * payload. As in looking them up, the first that says so is the one.
 */
export function findRule(path: string, means: (meaning: Meaning) => boolean): RuleSource | undefined {
  const byTrust = [...builtIn.filter(({ marks }) => marks), ...builtIn.filter(({ marks }) => !marks)];
  const found = byTrust.find((rules) => saysOf(rules, path).some(means));
  return found && { framework: found.framework, source: found.source ?? '' };
}

function saysOf(
  { prefixes = [], prefixed, headers, properties, payload }: RuleSet,
  path: string,
): readonly Meaning[] {
  const prefix = prefixes.find((p) => path.toLowerCase().startsWith(p.toLowerCase()));
  const rest = prefix === undefined ? undefined : path.slice(prefix.length).toLowerCase();
  const field = path.slice(path.lastIndexOf('.') + 1);
  return [
    ...(rest === undefined ? [] : named(prefixed, rest)),
    ...named(headers, path),
    ...named(properties, path),
    ...named(payload, path),
    ...named(payload, field),
  ];
}

function named(table: Table, name: string): readonly Meaning[] {
  const plain = plainName(name);
  return Object.entries(table ?? {}).flatMap(([own, meanings]) => (plainName(own) === plain ? meanings : []));
}
