import { createHash } from 'node:crypto';
import { positionName, type RawMessage } from '../model/message.ts';

/**
 * The name by which a message is known: given, else by its position, else by content and time of arrival.
 *
 * Content alone would make one event of two equal messages (two pings are two events), and time alone one of two
 * that came in the same millisecond; together they tell all but true duplicates within one millisecond apart.
 */
export function nameEvent(raw: RawMessage): string {
  if (raw.id !== undefined) return raw.id;
  if (raw.position?.offset !== undefined) return positionName(raw.channel, raw.position);
  const digest = createHash('sha1')
    .update(raw.routingKey ?? '')
    .update('\0')
    .update(raw.body ?? '')
    .digest('base64url')
    .slice(0, 12);
  return `${positionName(raw.channel, {})}/${raw.time}-${digest}`;
}
