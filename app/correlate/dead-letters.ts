import { appended } from '../base/lists.ts';
import { positionName, type Channel } from '../model/message.ts';
import type { Draft } from './draft.ts';

/** Deaths of a message that mean that nobody could handle it; `expired` is also how teams build delays and retries. */
const failures = /"?reason"?\s*[:=]\s*"?(rejected|delivery_limit|maxlen)/;

/** Channels for what is given up; others that hold what failed are for trying again. */
const deadChannel = /dl[tqx]|dead|error/i;

/** Names the event that a dead letter was, where it says so: by position (Kafka), or by its unchanged message id (RabbitMQ). */
export function deadLetterCauses(draft: Draft, channel: Channel): void {
  const { topic, partition, offset, isRetry } = draft.origin ?? {};
  if (topic !== undefined && partition !== undefined && offset !== undefined) {
    const id = positionName({ ...channel, name: topic }, { partition: Number(partition), offset });
    const evidence = isRetry === true && !deadChannel.test(channel.name) ? 'causation-header' : 'dead-letter';
    draft.causes = appended(draft.causes, { id, path: 'original topic, partition and offset', evidence });
  }
  const [id] = draft.ids;
  if (id === undefined) return;
  if (draft.deaths !== undefined && failures.test(draft.deaths)) {
    draft.causes = appended(draft.causes, { id, path: 'x-death', evidence: 'dead-letter' });
  } else if (draft.died !== undefined) {
    draft.causes = appended(draft.causes, { id, path: draft.died, evidence: 'dead-letter' });
  }
}

/** A whole number in a header: decimal text, or 4 or 8 bytes, big-endian, which may happen to be valid UTF-8. */
export function integerText(raw: string | Uint8Array): string {
  if (typeof raw === 'string' && /^\d+$/.test(raw)) return raw;
  const bytes =
    typeof raw === 'string' ? Buffer.from(raw) : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (bytes.length === 4) return String(bytes.readInt32BE());
  if (bytes.length === 8) return String(bytes.readBigInt64BE());
  return '';
}
