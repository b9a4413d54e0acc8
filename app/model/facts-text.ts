import type { CorrelationKey, Facts } from './event.ts';

/**
 * Facts as compact JSON `[ids, causes, trace id, span id, keys, parent span id, sent at, attempt, shape]`, the last four
 * only as far as there are any; without type and producer, which many events share and who keeps the text keeps once. Look-ups verify their
 * hits against this very text.
 */
export function factsToText({ ids, causes, trace, keys, sentAt, attempt, shape }: Facts): string {
  const row: unknown[] = [
    ids,
    causes.map((c) => (c.by === undefined ? [c.id, c.path, c.evidence] : [c.id, c.path, c.evidence, c.by])),
    trace?.traceId ?? null,
    trace?.spanId ?? null,
    keys.map((k) => [k.name, k.value, k.origin, k.path, k.role]),
  ];
  const rest = [trace?.parentSpanId, sentAt, attempt, shape];
  for (let i = 0; i <= rest.findLastIndex((one) => one !== undefined); i++) row.push(rest[i] ?? null);
  return JSON.stringify(row);
}

type Cause = Facts['causes'][number];

type FactsRow = [
  ids: string[],
  causes: [id: string, path: string, evidence: Cause['evidence'], by?: Cause['by']][],
  traceId: string | null,
  spanId: string | null,
  keys: [
    name: string,
    value: string,
    origin: CorrelationKey['origin'],
    path: string,
    role: CorrelationKey['role'],
  ][],
  parentSpanId?: string | null,
  sentAt?: number | null,
  attempt?: number | null,
  shape?: string | null,
];

/** The facts of a text that `factsToText` made, with the type and producer that were kept beside it. */
export function factsFromText(
  text: string,
  { type, producer }: { readonly type?: string; readonly producer?: string },
): Facts {
  const [
    ids,
    causes,
    traceId,
    spanId,
    keys,
    parentSpanId = null,
    sentAt = null,
    attempt = null,
    shape = null,
  ] = JSON.parse(text) as FactsRow;
  return {
    ...(type !== undefined && { type }),
    ...(producer !== undefined && { producer }),
    ids,
    causes: causes.map(([id, path, evidence, by]) => ({
      id,
      path,
      evidence,
      ...(by !== undefined && { by }),
    })),
    ...(traceId !== null && {
      trace: {
        traceId,
        ...(spanId !== null && { spanId }),
        ...(parentSpanId !== null && { parentSpanId }),
      },
    }),
    ...(sentAt !== null && { sentAt }),
    ...(attempt !== null && { attempt }),
    ...(shape !== null && { shape }),
    keys: keys.map(([name, value, origin, path, role]) => ({ name, value, origin, path, role })),
  };
}
