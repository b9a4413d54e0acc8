import type { KeyOrigin } from './event.ts';
import type { LinkEdit } from './link-edit.ts';
import type { Link } from './trace.ts';

/** An event as an explanation names it. */
export interface EventRef {
  readonly id: string;
  readonly type?: string;
  readonly channel: string;
  /** Epoch ms. */
  readonly time: number;
}

/** Where an event carries a value: a key's origin and path, its message id, the field that names its cause, its name. */
export interface ValuePlace {
  readonly origin: KeyOrigin | 'message-id' | 'cause' | 'event-name';
  readonly path: string;
}

/** A value that two events carry, and what that does. */
export interface SharedValue {
  readonly name: string;
  readonly value: string;
  readonly from: ValuePlace;
  readonly to: ValuePlace;
  /** It ties the two. */
  readonly ties: boolean;
  /** Why it does, or does not. */
  readonly text: string;
}

/** A step of the way by which an event is tied to others; `by` says what ties it to the one before. */
export interface ChainStep {
  readonly event: EventRef;
  readonly by?:
    | {
        readonly kind: 'value';
        readonly name: string;
        readonly value: string;
        readonly from: ValuePlace;
        readonly to: ValuePlace;
      }
    | { readonly kind: 'user' };
}

/** Another event that could have been the cause. */
export interface OtherCause {
  readonly event: EventRef;
  readonly confidence: number;
  readonly why: string;
  /** What speaks for the one that was chosen. */
  readonly lost: string;
}

/** Why there is a link between two events, or none. */
export interface PairExplanation {
  /** The cause, or which of the two would be. */
  readonly from: EventRef;
  readonly to: EventRef;
  readonly link?: Pick<Link, 'evidence' | 'confidence' | 'why'>;
  /** What the user said of it. */
  readonly edit?: Exclude<LinkEdit['action'], 'undo'>;
  /** In one sentence. */
  readonly answer: string;
  /** What it follows from, step by step. Never empty. */
  readonly reasons: readonly string[];
  /** The rule of a framework that says so. */
  readonly rule?: { readonly framework: string; readonly field: string; readonly source: string };
  readonly values: readonly SharedValue[];
  /** The next best causes of the effect, the better first. */
  readonly others: readonly OtherCause[];
  /** Whether they are in one trace, and why. */
  readonly together: { readonly same: boolean; readonly text: string; readonly chain: readonly ChainStep[] };
}

/** Why an event is in a trace. */
export interface MembershipExplanation {
  readonly event: EventRef;
  /** `joined` by values it shares, or by a link of the user's; only `listed` there; `alone` in a trace of its own. */
  readonly how: 'joined' | 'listed' | 'alone';
  readonly answer: string;
  readonly chain: readonly ChainStep[];
}
