import type { Event, Payload } from '../model/event.ts';
import { positionName } from '../model/message.ts';
import type { RawMessage } from '../model/message.ts';

/** The message that an event was, so that recording it again gives an equal event. */
export function eventMessage(event: Event): RawMessage {
  const { id, channel, position, time, clock, observedAt, key, routingKey, headers, properties, notes } =
    event;
  const { payload, facts } = event;
  const named = position?.offset !== undefined && id === positionName(channel, position);
  return {
    kind: 'message',
    channel,
    position,
    id: named ? undefined : id,
    time,
    clock,
    observedAt,
    key,
    routingKey,
    headers,
    properties,
    body: bodyOf(payload),
    recorded: recordedOf(event),
    producer: facts.producer,
    notes,
  };
}

function bodyOf({ format, text, bytes }: Payload): RawMessage['body'] {
  return format === 'tombstone' ? null : (bytes ?? text ?? '');
}

/** What decoding cannot find out again from the body alone. */
function recordedOf({ payload, problems }: Event): RawMessage['recorded'] {
  const { unwrapped = [], size, format, text, bytes } = payload;
  if (format === 'tombstone') return undefined;
  const isAsSent = size === (bytes ? bytes.byteLength : Buffer.byteLength(text ?? ''));
  if (unwrapped.length === 0 && !problems?.length && isAsSent) return undefined;
  return { unwrapped, size, ...(problems?.length && { problems }) };
}
