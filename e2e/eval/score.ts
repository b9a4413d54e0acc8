/** What an evaluation set says is true: traces as lists of message ids, and direct links cause → effect. */
export interface LabelledTruth {
  readonly traces: readonly (readonly string[])[];
  readonly links: readonly (readonly [cause: string, effect: string])[];
}

/** What was found: traces as lists of message ids, and links with their confidence. */
export interface Found {
  readonly traces: readonly (readonly string[])[];
  readonly links: readonly { readonly from: string; readonly to: string; readonly confidence: number }[];
}

export interface Score {
  /** Of the pairs that occur together in a found trace, how many do so in a true one; and the reverse. 1 where there are none. */
  readonly traceP: number;
  readonly traceR: number;
  readonly linkP: number;
  readonly linkR: number;
  /** Ten bins of stated confidence, each with how many links it holds and which share of these is true. */
  readonly calibration: readonly { readonly from: number; readonly links: number; readonly true?: number }[];
}

/**
 * Scores what was found against the truth. Pairs are judged by whether they occur together in any trace, since traces
 * may share events. Messages that the truth does not name are left out of both.
 */
export function score(truth: LabelledTruth, found: Found): Score {
  const named = new Map<string, number>();
  for (const id of [...truth.traces.flat(), ...truth.links.flat()]) {
    if (!named.has(id)) named.set(id, named.size);
  }
  const wanted = pairsOf(truth.traces, named);
  const given = pairsOf(found.traces, named);
  const trueLinks = new Set(truth.links.map(([from, to]) => `${from}\0${to}`));
  const links = new Map<string, number>();
  for (const { from, to, confidence } of found.links) {
    if (named.has(from) && named.has(to)) links.set(`${from}\0${to}`, confidence);
  }
  const bothPairs = common(given, wanted);
  const bothLinks = [...links.keys()].filter((link) => trueLinks.has(link)).length;
  return {
    traceP: share(bothPairs, given.size),
    traceR: share(bothPairs, wanted.size),
    linkP: share(bothLinks, links.size),
    linkR: share(bothLinks, trueLinks.size),
    calibration: calibrate(links, trueLinks),
  };
}

/** Unordered pairs, each as one number. */
function pairsOf(traces: readonly (readonly string[])[], named: ReadonlyMap<string, number>): Set<number> {
  const pairs = new Set<number>();
  for (const trace of traces) {
    const ids = [...new Set(trace.flatMap((id) => named.get(id) ?? []))].sort((a, b) => a - b);
    for (let i = 0; i < ids.length; i++) {
      for (let j = i + 1; j < ids.length; j++) pairs.add((ids[i] ?? 0) * named.size + (ids[j] ?? 0));
    }
  }
  return pairs;
}

function common(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let both = 0;
  for (const pair of a) if (b.has(pair)) both++;
  return both;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.round((part / whole) * 10_000) / 10_000;
}

function calibrate(links: ReadonlyMap<string, number>, trueLinks: ReadonlySet<string>): Score['calibration'] {
  return Array.from({ length: 10 }, (_, bin) => {
    const inBin = [...links].filter(([, confidence]) => Math.min(9, Math.floor(confidence * 10)) === bin);
    const right = inBin.filter(([link]) => trueLinks.has(link)).length;
    return {
      from: bin / 10,
      links: inBin.length,
      ...(inBin.length > 0 && { true: share(right, inBin.length) }),
    };
  });
}
