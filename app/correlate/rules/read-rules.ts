import type { z } from 'zod';
import { ruleSet, type RuleSet } from './rule.ts';

/** What became of a file of rules: rules, or a sentence for its author. */
export type RulesRead =
  | { readonly rules: RuleSet; readonly problem?: undefined }
  | { readonly rules?: undefined; readonly problem: string };

/** Reads a user's file. A problem says in which file and where in it, what is wrong, and what to do. */
export function readRules(file: string, text: string): RulesRead {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `The rules in ${file} do not count: they are not JSON (${why}). ${remedy}` };
  }
  const parsed = ruleSet.safeParse(json);
  if (parsed.success) return { rules: parsed.data };
  const [issue] = parsed.error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.map(String).join(' › ');
  const what = issue === undefined ? 'is no set of rules' : wrongness(issue);
  return { problem: `The rules in ${file} do not count: ${where} ${what}. ${remedy}` };
}

const remedy = 'Correct and save it; the other rules count meanwhile.';

function wrongness(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}, which means nothing there`;
    case 'invalid_union': {
      const nested = issue.errors.flat().find(({ code, path }) => code !== 'invalid_type' || path.length > 0);
      if (nested === undefined) return `has to be a meaning such as { "as": "id" }`;
      const at = nested.path.map(String).join(' › ');
      return nested.code === 'invalid_union' && 'discriminator' in nested
        ? `has an "as" that is none of ${meaningNames.join(', ')}`
        : `${at === '' ? '' : `› ${at} `}${wrongness(nested)}`;
    }
    case 'invalid_type':
      return `is missing or of the wrong kind: ${issue.expected} is expected`;
    case 'invalid_value':
      return `has to be one of ${issue.values.map(String).join(', ')}`;
    case 'custom':
      return issue.message;
    default:
      return `is not valid (${issue.message})`;
  }
}

const meaningNames = [
  'id',
  'correlation',
  'key',
  'cause',
  'type',
  'producer',
  'time',
  'trace',
  'subject',
  'reply-address',
  'dead-letter',
  'retry',
  'died',
  'body',
  'ignored',
];
