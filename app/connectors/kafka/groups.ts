import type { Channel } from '../../model/message.ts';
import type { SourceItem } from '../../model/source.ts';
import type { Cluster } from './cluster.ts';

export interface GroupsContext {
  readonly cluster: Cluster;
  readonly channels: () => readonly Channel[];
  readonly channelOf: (topic: string) => Channel;
  readonly hand: (items: readonly SourceItem[]) => Promise<void>;
  readonly now: () => number;
  readonly everyMs: number;
}

export async function watchGroups(_context: GroupsContext, _signal: AbortSignal): Promise<void> {}
