import type { Delivery } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import type { Alert } from '../../model/source.ts';
import { partitionKey } from './cluster.ts';

/** What a group had committed on a partition when it was asked. */
export interface Commit {
  readonly channel: Channel;
  readonly partition: number;
  /** The offset that the group would read next. */
  readonly offset: number;
}

/** When the group was asked and when it answered, epoch ms: the commit was seen somewhere in between. */
export interface Asked {
  readonly sent: number;
  readonly answered: number;
}

interface Seen {
  readonly offset: number;
  readonly sent: number;
}

/**
 * Learns from what a group commits which events it acknowledged and when: what lies between two commits was
 * acknowledged between the two questions. Only growth counts. A commit that goes backwards acknowledges nothing, and
 * counting begins anew from there.
 */
export class CommitWatch {
  private readonly groups = new Map<string, Map<string, Seen>>();

  /** All commits of one group, as one answer had them. */
  see(group: string, commits: readonly Commit[], { sent, answered }: Asked): readonly (Delivery | Alert)[] {
    const before = this.groups.get(group);
    const seen = new Map<string, Seen>();
    const facts: (Delivery | Alert)[] = [];
    for (const { channel, partition, offset } of commits) {
      const key = partitionKey({ topic: channel.name, partition });
      const last = before?.get(key);
      seen.set(key, { offset, sent });
      if (last && offset < last.offset) {
        const message = `Group ${group} was rewound from ${last.offset} to ${offset} on ${key}.`;
        facts.push({
          kind: 'alert',
          id: `rewound ${group} ${key}`,
          severity: 'info',
          message,
          channel,
          time: answered,
        });
      } else if (offset > (last?.offset ?? 0)) {
        facts.push({
          kind: 'delivery',
          subject: { channel, partition, fromOffset: String(last?.offset ?? 0), toOffset: String(offset) },
          consumer: group,
          status: 'acknowledged',
          evidence: 'offset-commit',
          // Of the first commit that is seen, nobody knows how old it is.
          after: last?.sent,
          before: answered,
        });
      }
    }
    this.groups.set(group, seen);
    return facts;
  }

  /** Forgets groups that are no more. */
  keepOnly(groups: ReadonlySet<string>): void {
    for (const group of this.groups.keys()) if (!groups.has(group)) this.groups.delete(group);
  }
}
