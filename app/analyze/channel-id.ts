import type { Channel } from '../model/message.ts';

/** Names a channel among all: an exchange and a queue of one name are two channels. */
export function channelId({ system, cluster, kind, name }: Channel): string {
  return `${system}/${cluster}/${kind}/${name}`;
}
