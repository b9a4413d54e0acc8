/** What identifies one event on its broker: as much of it as the system offers. */
export interface Identity {
  readonly system: 'kafka' | 'rabbitmq' | 'redis';
  /** Topic, exchange, stream or pub/sub channel. */
  readonly channel: string;
  readonly partition?: number;
  readonly offset?: string;
  readonly streamId?: string;
  /** Where there is no position: the message's own id, from its properties, headers or payload. */
  readonly messageId?: string;
}

/** A name for an event that is unique in a store: its position, or else its message id. */
export function eventKey(identity: Identity, cluster = 'default'): string {
  const { system, channel, partition, offset, streamId, messageId } = identity;
  const base = `${system}/${cluster}/${channel}`;
  if (partition !== undefined) return `${base}/${partition}/${offset}`;
  return `${base}/${streamId ?? messageId}`;
}
