import type { Channel, RawMessage } from '../model/message.ts';

/**
 * Whose clock a line's time is by, where it does not say: Redis stamps what is published; Kafka keeps the time that the
 * producer gave, unless a topic is set up otherwise; RabbitMQ knows none but the producer's.
 */
export function usualClock({ system }: Channel): RawMessage['clock'] {
  return system === 'redis' ? 'broker' : 'producer';
}
