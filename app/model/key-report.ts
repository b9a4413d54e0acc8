import type { Channel } from './message.ts';

/** What was found of one field of one channel. */
export interface KeyField {
  readonly channel: Channel;
  /** A header's name, a payload path, `key` for the message's own key. */
  readonly path: string;
  readonly origin: string;
  readonly verdict: 'key' | 'shared' | 'unsure';
}

/** A name, and what is known of the fields that have it. */
export interface NamedKey {
  readonly name: string;
  /** What the name alone says. */
  readonly sort: 'trusted' | 'named' | 'found' | 'shared-by-name';
  /** What its values show, over all of its fields. */
  readonly verdict: 'key' | 'shared' | 'unsure';
  /** Whether its values tie events: all, those that chance never repeats, none. */
  readonly joins: 'all' | 'random' | 'none';
  /** What the user said. */
  readonly said?: 'accept' | 'reject';
  readonly fields: readonly KeyField[];
  /** Values, about. */
  readonly values: number;
  /** Of these, values that tie events of different kinds, about. */
  readonly tied: number;
  /** Of these, values that come again and again in events of one kind, about. */
  readonly recurring: number;
  /** Channels among which its values tie. */
  readonly channels: number;
  readonly examples: readonly string[];
}

/** Names whose values are the same: one key. The strongest first. */
export interface KeyGroup {
  readonly names: readonly NamedKey[];
  /** Values that all but the first have in common with another of them, about; 0 for one name. */
  readonly common: number;
}

export type KeyReport = readonly KeyGroup[];
