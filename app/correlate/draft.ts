import { appended } from '../base/lists.ts';
import type { CorrelationKey, Facts, KeyOrigin } from '../model/event.ts';
import { namedKey, type KeyName } from './names.ts';
import type { Recognised } from './rules/framework.ts';
import type { Meaning } from './rules/rule.ts';
import { sentAt } from './sent-at.ts';
import { shortProducer, shortType } from './short-names.ts';
import { noteTrace, type TraceParts } from './trace-parts.ts';
import { isCount, keyValue } from './values.ts';

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
  /** Frameworks whose message it is. */
  recognised: Recognised[] | undefined;
  type: string | undefined;
  producer: string | undefined;
  sentAt: number | undefined;
  traceParts: TraceParts | undefined;
  ids: Facts['ids'];
  causes: Facts['causes'];
  /** Ids that either name this request or the request that this answers; which, an address for replies tells. */
  answers: readonly { readonly id: string; readonly path: string }[];
  isRequest: boolean;
  /** Where replies to it are to go. */
  replyTo: string | undefined;
  /** Correlation ids and the trace id: keys whatever else the message holds. */
  contexts: readonly CorrelationKey[];
  readonly candidates: Candidate[];
  /** Values that look like ids, under names that say nothing. */
  readonly found: CorrelationKey[];
  /** Hints at what it is about: CloudEvents' subject, the message key. */
  hints: readonly { readonly value: string; readonly origin: KeyOrigin; readonly path: string }[];
  /** Where it was before. */
  origin: { topic?: string; partition?: string; offset?: string; isRetry?: boolean } | undefined;
  deaths: string | undefined;
  /** The field that only a dead letter has. */
  died: string | undefined;
  attempt: number | undefined;
}

const none: readonly never[] = [];

/** Most of its lists stay empty. */
export function newDraft(): Draft {
  return {
    recognised: undefined,
    type: undefined,
    producer: undefined,
    sentAt: undefined,
    traceParts: undefined,
    ids: none,
    causes: none,
    answers: none,
    isRequest: false,
    replyTo: undefined,
    contexts: none,
    candidates: [],
    found: [],
    hints: none,
    origin: undefined,
    deaths: undefined,
    died: undefined,
    attempt: undefined,
  };
}

/**
 * Takes down what a rule says of a field.
 *
 * @param scope what its scoped ids are unique in.
 */
export function note(
  draft: Draft,
  meaning: Meaning,
  text: string,
  origin: KeyOrigin,
  path: string,
  scope?: string,
): void {
  switch (meaning.as) {
    case 'id': {
      const id = keyValue(text, path);
      if (id !== undefined && !draft.ids.includes(id)) draft.ids = appended(draft.ids, id);
      break;
    }
    case 'correlation': {
      const bare = keyValue(text, path);
      if (bare === undefined) break;
      const value = meaning.scoped === true && scope !== undefined ? `${scope}:${bare}` : bare;
      // A number of three digits is counted up everywhere anew.
      const role = isCount(value) && value.length < 4 ? 'member' : 'joins';
      addContext(draft, { name: meaning.name, value, origin, path, role });
      if (meaning.replies === true) draft.answers = appended(draft.answers, { id: value, path });
      break;
    }
    case 'key': {
      const value = keyValue(text, path);
      if (value === undefined) break;
      draft.candidates.push({ key: namedKey(meaning.name), value, origin, path, depth: 0, listed: false });
      break;
    }
    case 'cause': {
      const id = keyValue(text, path);
      // Whose count it is, it does not say.
      if (id === undefined || (isCount(id) && meaning.by === undefined)) break;
      const { evidence = 'causation-header', by } = meaning;
      const cause = by === undefined ? { id, path, evidence } : { id, path, evidence, by };
      draft.causes = appended(draft.causes, cause);
      break;
    }
    case 'reply-address':
      draft.isRequest ||= text !== '';
      if (text !== '') draft.replyTo ??= text;
      break;
    case 'type':
      draft.type ??= shortType(text);
      break;
    case 'producer':
      draft.producer ??= shortProducer(text);
      break;
    case 'time':
      draft.sentAt ??= sentAt(text);
      break;
    case 'trace':
      noteTrace((draft.traceParts ??= {}), meaning.part, text, path);
      break;
    case 'subject':
      draft.hints = appended(draft.hints, { value: text, origin, path });
      break;
    case 'dead-letter':
    case 'retry':
      draft.origin ??= {};
      draft.origin[meaning.part] ??= text;
      if (meaning.as === 'retry') draft.origin.isRetry = true;
      break;
    case 'attempt':
      if (/^\d{1,6}$/.test(text)) draft.attempt = Math.max(draft.attempt ?? 0, Number(text));
      break;
    case 'x-death':
      draft.deaths ??= text;
      break;
    case 'died':
      draft.died ??= path;
      break;
    case 'body':
    case 'ignored':
      break;
  }
}

export function addContext(draft: Draft, key: CorrelationKey): void {
  for (const { name, value } of draft.contexts) if (name === key.name && value === key.value) return;
  draft.contexts = appended(draft.contexts, key);
}
