import type { Known } from '../correlate/assembler.ts';
import { createExplainer, type Explainer } from '../correlate/explain/explain.ts';
import { tiesOfEvent } from '../correlate/ties.ts';
import type { MembershipExplanation, PairExplanation } from '../model/explanation.ts';
import type { EventFacts, Link } from '../model/trace.ts';
import type { EventDetail, TraceStore } from '../store/trace-store.ts';

/** What explaining reads of the store. */
type Facts = Pick<TraceStore, 'event' | 'trace' | 'lookUpKeys'>;

/** Traces of more events than this are explained by what the two events themselves share. */
const wholeTraceEvents = 500;

/**
 * Why there is a link between two events, or none; `trace` is the one that they are looked at in. Undefined where one of
 * them is not in the store.
 */
export async function explainPair(
  store: Facts,
  known: Known,
  [a, b]: readonly [string, string],
  trace?: string,
): Promise<PairExplanation | undefined> {
  const details = await Promise.all([store.event(a), store.event(b)]);
  const [one, other] = details;
  if (!one || !other || a === b) return undefined;
  const { id: shownIn } = (trace === undefined ? undefined : (await store.trace(trace))?.summary) ?? {};
  const explained = (await explainer(store, known, [one, other])).pair(a, b, shownIn);
  return explained && asStored(explained, linksBetween(one, other));
}

/** Why an event is in a trace. Undefined where the event is not in the store; `notThere` where it is not in the trace. */
export async function explainMembership(
  store: Facts,
  known: Known,
  event: string,
  trace: string,
): Promise<MembershipExplanation | 'notThere' | undefined> {
  const [detail, within] = await Promise.all([store.event(event), store.trace(trace)]);
  if (!detail || !within) return undefined;
  const explained = await explainer(store, known, [detail], within.events);
  return explained.membership(event, within.summary.id) ?? 'notThere';
}

/** Puts together what concerns some events: themselves, their traces, and whatever shares a value with these. */
async function explainer(
  store: Facts,
  known: Known,
  details: readonly EventDetail[],
  more: readonly EventFacts[] = [],
): Promise<Explainer> {
  const events = new Map<string, EventFacts>();
  const take = (found: readonly EventFacts[]) => {
    for (const event of found) events.set(event.id, event);
  };
  take(
    details.map(({ event: { seq, id, channel, time, clock, facts } }) => ({
      ...{ seq, id, channel, time, clock, facts },
    })),
  );

  take(more);
  const near = await store.lookUpKeys(hashesOf([...events.values()], known));
  for (const trace of near) take(trace.events);
  // What others of the trace share tells which values join at all.
  const own = near.filter((trace) => details.some(({ traces }) => traces.some(({ id }) => id === trace.id)));
  const inside = own.flatMap((trace) => trace.events);
  if (inside.length <= wholeTraceEvents) {
    for (const trace of await store.lookUpKeys(hashesOf(inside, known))) take(trace.events);
  }
  return createExplainer({
    events: [...events.values()].sort((a, b) => a.seq - b.seq),
    known,
  });
}

function hashesOf(events: readonly EventFacts[], { judge }: Known): number[] {
  return [...new Set(events.flatMap((event) => tiesOfEvent(event, judge).map(({ hash }) => hash)))];
}

function linksBetween({ event: a, links }: EventDetail, { event: b }: EventDetail): readonly Link[] {
  return links
    .map(({ link }) => link)
    .filter(({ from, to }) => (from === a.seq && to === b.seq) || (from === b.seq && to === a.seq));
}

/**
 * Traces are written some time before they are explained, and more may be known by now. What is shown is what was written:
 * where it differs, that is said, and no runner-up is told of a choice that would come out otherwise.
 */
function asStored(explained: PairExplanation, stored: readonly Link[]): PairExplanation {
  const { link } = explained;
  const same = stored.some(
    ({ evidence, confidence }) => evidence === link?.evidence && confidence === link.confidence,
  );
  if (same || (!link && stored.length === 0)) return explained;
  const known = stored.toSorted((a, b) => b.confidence - a.confidence)[0];
  const now = link
    ? `By what is known now: ${explained.answer}`
    : `By what is known now there is none: ${explained.answer}`;
  const { edit, from, to, values, together } = explained;
  return {
    ...{ from, to, values, together },
    ...(edit !== undefined && { edit }),
    ...(known && { link: { evidence: known.evidence, confidence: known.confidence, why: known.why } }),
    answer: known ? `As it was found: ${known.why}.` : 'The trace does not show a link yet.',
    reasons: [now, 'The trace is worked out again when one of its events changes.'],
    others: [],
  };
}
