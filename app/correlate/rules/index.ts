import { createFields, type Field } from '../fields.ts';
import { keyName, type KeyName } from '../names.ts';
import { builtIn } from './built-in.ts';
import { compileFramework, type Fields, type Framework, type Meanings } from './framework.ts';
import { plainName, type RuleSet } from './rule.ts';

/** What the name of a header says. */
export interface HeaderField {
  readonly name: string;
  /** As rules name it. */
  readonly plain: string;
  /** What it means in any message. */
  readonly meanings: Meanings | undefined;
  /** What it means in a recognised framework's; those before the rules for any message. */
  readonly owners: readonly Framework[] | undefined;
  /** Frameworks that may be recognised by it. */
  readonly marks: readonly Framework[] | undefined;
  /** A business key by its name, where no rule knows it. */
  readonly key: KeyName | undefined;
}

/** Rules made ready to be looked up: by name, once for each name. */
export interface Rules {
  header(name: string): HeaderField;
  property(name: string): Meanings | undefined;
  /** Of a field in a payload, in any message. */
  field(name: string): Field;
  /** Fields of which one is there if a framework is to be recognised by the payload, and what may be recognised then. */
  readonly payloadMarks: readonly { readonly field: string; readonly frameworks: readonly Framework[] }[];
  /** Those that are recognised by the channel alone. */
  readonly channelMarks: readonly Framework[];
  /** Those that always apply and look at paths in the payload. */
  readonly always: readonly Framework[];
}

/** Names may be data (a map of ids to things): the caches must not grow with it. */
const namesKept = 10_000;

/** Compiles rules, a user's own before those that come with Headwater. */
export function compileRules(own: readonly RuleSet[] = []): Rules {
  const byTrust = [...own, ...builtIn.filter((r) => r.marks), ...builtIn.filter((r) => !r.marks)];
  const frameworks = byTrust.map(compileFramework);
  const marked = frameworks.filter((f) => f.marks.length > 0);
  const general = frameworks.filter((f) => f.marks.length === 0);
  const headers = merged(general, (f) => f.headers);
  const properties = merged(general, (f) => f.properties);
  const payload = merged(general, (f) => f.payload);
  const prefixes = frameworks.flatMap((framework) =>
    framework.prefixes.map((prefix) => ({ prefix: prefix.toLowerCase(), framework })),
  );
  const headerCache = new Map<string, HeaderField>();

  function findHeader(name: string): HeaderField {
    const plain = plainName(name);
    const owners = marked.filter((f) => f.headers.has(plain));
    const marks = marked.filter((f) => f.marks.some((mark) => mark.headers[0] === plain));
    return {
      name,
      plain,
      ...findPrefixed(name),
      owners: owners.length > 0 ? owners : undefined,
      marks: marks.length > 0 ? marks : undefined,
    };
  }

  function findPrefixed(name: string): Pick<HeaderField, 'meanings' | 'key'> {
    const lower = name.toLowerCase();
    const found = prefixes.find(({ prefix }) => lower.startsWith(prefix));
    if (!found) return findPlain(name);
    const rest = name.slice(found.prefix.length);
    const meanings = found.framework.prefixed.get(rest.toLowerCase());
    return meanings ? { meanings, key: undefined } : findPlain(rest);
  }

  function findPlain(name: string): Pick<HeaderField, 'meanings' | 'key'> {
    const meanings = headers.get(plainName(name));
    const key = meanings ? undefined : keyName(name.replace(/^x-/i, ''));
    return { meanings, key: key?.bare === true ? undefined : key };
  }

  return {
    header(name) {
      const seen = headerCache.get(name);
      if (seen !== undefined) return seen;
      if (headerCache.size >= namesKept) headerCache.clear();
      const result = name.length > 100 ? noHeader : findHeader(name);
      headerCache.set(name, result);
      return result;
    },
    property: (name) => properties.get(name),
    field: createFields((name) => payload.get(plainName(name))),
    payloadMarks: [...Map.groupBy(firstFields(marked), ({ field }) => field)].map(([field, pairs]) => ({
      field,
      frameworks: pairs.map(({ framework }) => framework),
    })),
    channelMarks: marked.filter((f) => f.marks.some((m) => m.headers.length + m.payload.length === 0)),
    always: general.filter((f) => f.paths.length > 0),
  };
}

/** The field that each way to recognise a framework by its payload begins with. */
function firstFields(marked: readonly Framework[]) {
  return marked.flatMap((framework) => {
    const fields = new Set(framework.marks.flatMap(({ payload }) => payload[0]?.[0] ?? []));
    return [...fields].map((field) => ({ field, framework }));
  });
}

const noHeader: HeaderField = {
  name: '',
  plain: '',
  meanings: undefined,
  owners: undefined,
  marks: undefined,
  key: undefined,
};

function merged(frameworks: readonly Framework[], part: (framework: Framework) => Fields): Fields {
  const map = new Map<string, Meanings>();
  for (const framework of frameworks) {
    for (const [name, meanings] of part(framework)) if (!map.has(name)) map.set(name, meanings);
  }
  return map;
}

export const builtInRules = compileRules();
