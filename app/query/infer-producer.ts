import type { Consumers } from '../analyze/consumers.ts';
import type { Channel } from '../model/message.ts';
import type { Link } from '../model/trace.ts';

/** Whether a link may say who published its effect: only a proven cause does, a guess upon a guess names the wrong team. */
export function tellsProducer({ evidence, confidence }: Link): boolean {
  return evidence !== 'duplicate' && confidence === 1;
}

/**
 * Who probably published an event that names no producer: the one participant that consumes the channel of its cause.
 * With several consumers, or causes that point to different ones, nobody is named.
 *
 * @param causes the channels of the events that caused it.
 */
export function inferProducer(causes: readonly Channel[], consumers: Consumers): string | undefined {
  const candidates = new Set<string>();
  for (const cause of causes) {
    const names = consumers(cause);
    if (names.size !== 1) return undefined;
    for (const name of names) candidates.add(name);
  }
  return candidates.size === 1 ? [...candidates][0] : undefined;
}
