import { ByteReader } from './bytes.ts';
import type { PartitionName } from './cluster.ts';
import type { Link } from './link.ts';

/** A consumer group as its coordinator describes it. */
export interface GroupInfo {
  readonly name: string;
  readonly errorCode: number;
  readonly state: string;
  readonly members: number;
  /** What its members are to read. */
  readonly assigned: readonly PartitionName[];
}

/** Kinds of groups that commit offsets; share groups and Connect's workers do not. */
const committing = new Set(['', 'consumer', 'streams']);

/** Names of the groups that this broker coordinates. */
export async function listGroups(
  link: Link,
): Promise<{ readonly errorCode: number; readonly names: readonly string[] }> {
  const { errorCode, groups } = (await link.request('ListGroups', {})) as {
    readonly errorCode: number;
    readonly groups: readonly { readonly groupId: string; readonly protocolType: string | null }[];
  };
  const names = groups.flatMap(({ groupId, protocolType }) =>
    committing.has(protocolType ?? '') ? [groupId] : [],
  );
  return { errorCode, names };
}

export async function describeGroups(link: Link, groupIds: readonly string[]): Promise<readonly GroupInfo[]> {
  const { groups } = (await link.request('DescribeGroups', { groupIds })) as {
    readonly groups: readonly {
      readonly errorCode: number;
      readonly groupId: string;
      readonly state: string;
      readonly members: readonly { readonly memberAssignment: Buffer | null }[];
    }[];
  };
  return groups.map(({ errorCode, groupId, state, members }) => ({
    name: groupId,
    errorCode,
    state,
    members: members.length,
    assigned: members.flatMap(({ memberAssignment }) => readAssignment(memberAssignment)),
  }));
}

/** What a group has committed, on all topics. */
export async function committedOffsets(
  link: Link,
  groupId: string,
): Promise<{
  readonly errorCode: number;
  readonly commits: readonly (PartitionName & { readonly offset: number })[];
}> {
  const { errorCode, responses } = (await link.request('OffsetFetch', { groupId, topics: [] })) as {
    readonly errorCode: number;
    readonly responses: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  };
  const commits = responses.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
  );
  return { errorCode, commits: commits.filter(({ offset }) => offset >= 0) };
}

/** Members write their assignment themselves; one that is not the consumer protocol's says nothing here. */
function readAssignment(bytes: Buffer | null): readonly PartitionName[] {
  if (!bytes || bytes.length < 6) return [];
  try {
    const reader = new ByteReader(bytes, 2);
    return reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => ({ topic, partition: reader.int32() }));
      })
      .flat();
  } catch {
    return [];
  }
}
