import { durationText, rangeText } from '../base/duration-text.ts';
import type { Channel, RawMessage, System } from './message.ts';
import type { LinkEvidence } from './trace.ts';

/** What tells whose clock gave an event its time. */
export interface Timed {
  readonly channel: Channel;
  readonly clock: RawMessage['clock'];
  readonly producer?: string | undefined;
  readonly type?: string | undefined;
}

/** How the clock is called that Headwater gives a time by, where nobody else does. */
export const ownClock = 'Headwater’s machine';

/**
 * Which clock gave an event its time, under the name that it has in sentences; the same name is the same clock. A producer
 * that is not known is called after what it publishes. Machines that go by one name count as one.
 */
export function clockOf({ channel, clock, producer, type }: Timed): string {
  const cluster = channel.cluster === 'default' ? '' : ` (${channel.cluster})`;
  if (clock === 'observer') return ownClock;
  if (clock === 'broker') return `the ${serverName(channel.system)} server${cluster}`;
  return producer ?? `whoever publishes ${type === undefined ? '' : `${type} `}on ${channel.name}${cluster}`;
}

function serverName(system: System): string {
  return { kafka: 'Kafka', rabbitmq: 'RabbitMQ', redis: 'Redis', aws: 'AWS' }[system];
}

const orders: ReadonlySet<LinkEvidence> = new Set(['causation-header', 'reply-to', 'dead-letter']);

/**
 * Whether a link says for certain which of its events was there first. A span does not: who was called in it may publish
 * before its caller does. Nor does a copy: which of two came first was told by their times.
 */
export function tellsOrder(evidence: LinkEvidence): boolean {
  return orders.has(evidence);
}

/** Two clocks that provably differ: causes that messages state are later by the one than their effects by the other. */
export interface ClockOffset {
  /** The clock that is behind, and the one that is ahead of it. */
  readonly behind: string;
  readonly ahead: string;
  /** By how much it is behind at least, ms. */
  readonly least: number;
  /** By how much at most, ms, where causes go the other way too. */
  readonly most?: number;
  /** At other times it was less than `least`: a clock was set, or several machines go by one name. */
  readonly varies: boolean;
  /** How many links are impossible unless the clocks differ, of those that were looked at. */
  readonly links: number;
  /** One of them, by the names of its events. */
  readonly example: { readonly cause: string; readonly effect: string };
}

/** `payments is 1.9 to 2.1 s behind orders`. Bounds are rounded outwards, so that the sentence holds. */
export function offsetText({ behind, ahead, least, most, varies }: ClockOffset): string {
  const atLeast = `at least ${durationText(least, Math.floor)}`;
  if (varies) return `${behind} was at times ${atLeast} behind ${ahead}, and at others less`;
  return `${behind} is ${most === undefined ? atLeast : rangeText(least, most)} behind ${ahead}`;
}
