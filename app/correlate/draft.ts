import type { CorrelationKey, Facts, KeyOrigin } from '../model/event.ts';
import type { KeyName } from './names.ts';
import type { Meaning } from './rules/rule.ts';
import { shortProducer, shortType } from './short-names.ts';
import { keyValue } from './values.ts';

/** A value that may be a business key, before it is known what else the message names. */
export interface Candidate {
  readonly key: KeyName;
  readonly value: string;
  readonly origin: KeyOrigin;
  readonly path: string;
  /** Objects around it. The shallowest of several says what the message is about. */
  readonly depth: number;
  /** It stands in a list: the message may name many of its kind. */
  readonly listed: boolean;
}

/** What is gathered of one message, field by field. The first to say something is believed: rules come in order of trust. */
export interface Draft {
  type: string | undefined;
  producer: string | undefined;
  trace: Facts['trace'];
  readonly ids: string[];
  readonly causes: Facts['causes'][number][];
  /** Correlation ids and the trace id: keys whatever else the message holds. */
  readonly contexts: CorrelationKey[];
  readonly candidates: Candidate[];
  /** Values that look like ids, under names that say nothing. */
  readonly found: CorrelationKey[];
  /** Hints at what it is about: CloudEvents' subject, the message key. */
  readonly hints: { value: string; origin: KeyOrigin; path: string }[];
  readonly origin: { topic?: string; partition?: string; offset?: string };
  deaths: string | undefined;
}

export function newDraft(): Draft {
  return {
    type: undefined,
    producer: undefined,
    trace: undefined,
    ids: [],
    causes: [],
    contexts: [],
    candidates: [],
    found: [],
    hints: [],
    origin: {},
    deaths: undefined,
  };
}

/** Takes down what a rule says of a field. */
export function note(draft: Draft, meaning: Meaning, text: string, origin: KeyOrigin, path: string): void {
  switch (meaning.as) {
    case 'id': {
      const id = keyValue(text);
      if (id !== undefined && !draft.ids.includes(id)) draft.ids.push(id);
      break;
    }
    case 'correlation': {
      const value = keyValue(text);
      if (value === undefined) break;
      addContext(draft, { name: meaning.name, value, origin, path, role: 'joins' });
      if (meaning.replies === true) draft.causes.push({ id: value, path, evidence: 'reply-to' });
      break;
    }
    case 'cause': {
      const id = keyValue(text);
      if (id !== undefined) draft.causes.push({ id, path, evidence: meaning.evidence });
      break;
    }
    case 'type':
      draft.type ??= shortType(text);
      break;
    case 'producer':
      draft.producer ??= shortProducer(text);
      break;
    case 'traceparent':
      noteTraceparent(draft, text, path);
      break;
    case 'subject':
      draft.hints.push({ value: text, origin, path });
      break;
    case 'dead-letter':
      draft.origin[meaning.part] ??= text;
      break;
    case 'x-death':
      draft.deaths ??= text;
      break;
    case 'ignored':
      break;
  }
}

function addContext(draft: Draft, key: CorrelationKey): void {
  if (!draft.contexts.some((k) => k.name === key.name && k.value === key.value)) draft.contexts.push(key);
}

const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;

function noteTraceparent(draft: Draft, text: string, path: string): void {
  if (draft.trace || text.length < 55 || text.length > 512) return;
  const match = traceparent.exec(text.trim().toLowerCase());
  const [, traceId, spanId] = match ?? [];
  if (traceId === undefined) return;
  draft.trace = { traceId, spanId };
  addContext(draft, { name: 'traceId', value: traceId, origin: 'trace-context', path, role: 'joins' });
}
