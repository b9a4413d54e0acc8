import { subjectOf, type Company } from './company.ts';
import { ranks, type EventNode, type Token } from './nodes.ts';

/**
 * Which correlation ids and trace ids of a component tie strangers: what has nothing to do with each other but that one who
 * uses ids again, or hands on his own, gave both the same.
 */

const none: ReadonlySet<Token> = new Set();

/** The ids that tie events of kinds which hardly ever share one. */
export function strangersTies(nodes: readonly EventNode[], company: Company): ReadonlySet<Token> {
  let carriersOf: Map<Token, EventNode[]> | undefined;
  for (const node of nodes) {
    for (const token of node.tokens) {
      if (!isContextToken(token) || !token.joins(node)) continue;
      const carriers = (carriersOf ??= new Map()).get(token);
      if (carriers) carriers.push(node);
      else carriersOf.set(token, [node]);
    }
  }
  if (!carriersOf) return none;
  const ties = new Set<Token>();
  for (const [token, carriers] of carriersOf) {
    if (carriers.length > 1 && hasStrangers(carriers, company)) ties.add(token);
  }
  return ties;
}

function isContextToken({ rank }: Token): boolean {
  return rank === ranks.correlation || rank === ranks.trace;
}

function kindOf(node: EventNode, company: Company): number | undefined {
  return company.kindOf(node.channel, node.type ?? node.shape);
}

function hasStrangers(carriers: readonly EventNode[], company: Company): boolean {
  /** What the events of each kind are about. */
  const kinds = new Map<number, string | undefined>();
  for (const node of carriers) {
    const kind = kindOf(node, company);
    if (kind === undefined) continue;
    const subject = subjectOf(node.keys);
    const before = kinds.get(kind);
    if (before !== undefined && subject !== undefined && before !== subject) {
      if (company.areStrangers(kind, kind) === true) return true;
    }
    if (kinds.has(kind)) {
      if (before === undefined) kinds.set(kind, subject);
      continue;
    }
    for (const other of kinds.keys()) if (company.areStrangers(kind, other) === true) return true;
    kinds.set(kind, subject);
  }
  return false;
}

/**
 * Whether two groups of events have nothing to do with each other but an id. Each has an event of the kind that mostly comes
 * once; or none of one's kinds mostly comes with one of the other's.
 */
export function areStrangers(
  some: readonly EventNode[],
  others: readonly EventNode[],
  token: Token,
  company: Company,
): boolean {
  const kinds = kindsOf(some, token, company);
  const otherKinds = kindsOf(others, token, company);
  let isSame = false;
  for (const [kind, subject] of kinds) {
    if (!otherKinds.has(kind)) continue;
    isSame = true;
    const other = otherKinds.get(kind);
    if (subject !== undefined && other !== undefined && subject !== other) {
      if (company.areStrangers(kind, kind) === true) return true;
    }
  }
  if (isSame) return false;
  let strangers = false;
  for (const kind of kinds.keys()) {
    for (const other of otherKinds.keys()) {
      const said = company.areStrangers(kind, other);
      if (said === false) return false;
      strangers ||= said === true;
    }
  }
  return strangers;
}

function kindsOf(
  nodes: readonly EventNode[],
  token: Token,
  company: Company,
): ReadonlyMap<number, string | undefined> {
  const kinds = new Map<number, string | undefined>();
  for (const node of nodes) {
    if (!node.tokens.includes(token)) continue;
    const kind = kindOf(node, company);
    if (kind === undefined) continue;
    const subject = subjectOf(node.keys);
    if (kinds.get(kind) === undefined) kinds.set(kind, subject);
  }
  return kinds;
}
