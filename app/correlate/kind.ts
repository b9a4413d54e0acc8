import type { Channel } from '../model/message.ts';

/** Events that say the same of themselves: of one type, on one channel, of one producer. What flows are learned of. */
export interface Kind {
  readonly key: string;
  readonly channel: Channel;
  readonly type: string | undefined;
  readonly producer: string | undefined;
}

/** Whether one clock gave two events their times: their producer's, or that of a Redis server, which stamps its streams. */
export function shareClock(
  a: Pick<Kind, 'producer' | 'channel'>,
  b: Pick<Kind, 'producer' | 'channel'>,
): boolean {
  if (a.channel.system === 'redis' && b.channel.system === 'redis') return true;
  return a.producer !== undefined && a.producer === b.producer;
}
