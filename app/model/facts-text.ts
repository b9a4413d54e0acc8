import type { CorrelationKey, Facts } from './event.ts';

/**
 * Facts as compact JSON `[ids, causes, trace id, span id, keys]`, without type and producer, which many events share and
 * who keeps the text keeps once. Look-ups verify their hits against this very text.
 */
export function factsToText({ ids, causes, trace, keys }: Facts): string {
  return JSON.stringify([
    ids,
    causes.map((c) => [c.id, c.path, c.evidence]),
    trace?.traceId ?? null,
    trace?.spanId ?? null,
    keys.map((k) => [k.name, k.value, k.origin, k.path, k.role]),
  ]);
}

type FactsRow = [
  ids: string[],
  causes: [id: string, path: string, evidence: Facts['causes'][number]['evidence']][],
  traceId: string | null,
  spanId: string | null,
  keys: [
    name: string,
    value: string,
    origin: CorrelationKey['origin'],
    path: string,
    role: CorrelationKey['role'],
  ][],
];

/** The facts of a text that `factsToText` made, with the type and producer that were kept beside it. */
export function factsFromText(
  text: string,
  { type, producer }: { readonly type?: string; readonly producer?: string },
): Facts {
  const [ids, causes, traceId, spanId, keys] = JSON.parse(text) as FactsRow;
  return {
    ...(type !== undefined && { type }),
    ...(producer !== undefined && { producer }),
    ids,
    causes: causes.map(([id, path, evidence]) => ({ id, path, evidence })),
    ...(traceId !== null && { trace: { traceId, ...(spanId !== null && { spanId }) } }),
    keys: keys.map(([name, value, origin, path, role]) => ({ name, value, origin, path, role })),
  };
}
