import type { Channel } from '../../model/message.ts';
import type { Alert, Checkpoint, SourceItem, StartFrom } from '../../model/source.ts';
import { partitionKey, type Cluster, type PartitionName, type TopicInfo } from './cluster.ts';
import { kafkaError } from './errors.ts';
import { newReading, type Reading } from './reading.ts';

/** The partitions that are read, kept in step with the cluster: topics and partitions come, move and go. */
export interface Partitions {
  readonly readings: ReadonlyMap<string, Reading>;
  /** Topics that are read, as last seen. */
  readonly channels: readonly Channel[];
  /** Asks the cluster again. Returns what there is to tell. Throws ConnectionError when no broker answers. */
  refresh(): Promise<readonly SourceItem[]>;
  refuse(reading: Reading): void;
}

export interface PartitionsOptions {
  readonly cluster: Cluster;
  readonly chosen: 'all' | readonly string[];
  readonly from: StartFrom;
  readonly resume: readonly Checkpoint[];
  readonly channelOf: (topic: string) => Channel;
  readonly now: () => number;
}

/** A topic is gone when it was missing this many times in a row: brokers learn of changes one after the other. */
const missesToBeGone = 2;

export function createPartitions(options: PartitionsOptions): Partitions {
  const { cluster, chosen, channelOf, now } = options;
  const readings = new Map<string, Reading>();
  const refused = new Set<string>();
  const startFrom = new Map<string, StartFrom>();
  const misses = new Map<string, number>();
  const missingTold = new Set<string>();
  const resume = new Map(
    options.resume.flatMap(({ channel, partition, next }) =>
      partition === undefined ? [] : [[partitionKey({ topic: channel.name, partition }), Number(next)]],
    ),
  );
  let topics: readonly TopicInfo[] = [];
  let firstTime = true;

  const alert = (severity: Alert['severity'], topic: string, message: string): Alert => {
    return { kind: 'alert', severity, message, channel: channelOf(topic), time: now() };
  };

  async function list(): Promise<readonly TopicInfo[]> {
    if (chosen === 'all') return (await cluster.topics()).filter((topic) => !topic.internal);
    return chosen.length === 0 ? [] : cluster.topics(chosen);
  }

  /** Alerts about chosen topics that cannot be read, once each. */
  function missing(): readonly Alert[] {
    const bad = topics.filter(({ name, errorCode }) => {
      if (errorCode === kafkaError.none) missingTold.delete(name);
      return errorCode !== kafkaError.none && !missingTold.has(name) && !misses.has(name);
    });
    return bad.map(({ name, errorCode }) => {
      missingTold.add(name);
      return errorCode === kafkaError.topicAuthorization
        ? alert('error', name, `The user may not see the topic ${name}: grant DESCRIBE and READ on it.`)
        : alert('warning', name, `The topic ${name} does not exist. It is read as soon as it does.`);
    });
  }

  function removed(present: ReadonlySet<string>): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const topic of new Set([...readings.values()].map((reading) => reading.topic))) {
      if (present.has(topic)) {
        misses.delete(topic);
        continue;
      }
      const count = (misses.get(topic) ?? 0) + 1;
      misses.set(topic, count);
      if (count < missesToBeGone) continue;
      misses.delete(topic);
      missingTold.add(topic);
      for (const [key, reading] of readings) if (reading.topic === topic) readings.delete(key);
      alerts.push(alert('warning', topic, `The topic ${topic} was deleted. What was read of it stays.`));
    }
    return alerts;
  }

  /** Begins to read partitions that are new: where an earlier run stopped, else where the user wants to start. */
  async function add(names: readonly PartitionName[]): Promise<readonly Alert[]> {
    const fresh = names.filter((name) => !readings.has(partitionKey(name)) && !refused.has(name.topic));
    for (const name of fresh) {
      const key = partitionKey(name);
      // What appears while we watch is read as a whole.
      if (!startFrom.has(key)) startFrom.set(key, firstTime ? options.from : 'earliest');
    }
    const begin = (name: PartitionName, offset: number): void => {
      readings.set(partitionKey(name), newReading(name, channelOf(name.topic), offset, now()));
      startFrom.set(partitionKey(name), 'earliest');
      resume.delete(partitionKey(name));
    };
    const unknown = fresh.filter((name) => {
      const offset = resume.get(partitionKey(name));
      if (offset !== undefined) begin(name, offset);
      return offset === undefined;
    });
    const byStart = Map.groupBy(unknown, (name) => startFrom.get(partitionKey(name)) ?? 'earliest');
    await Promise.all(
      [...byStart].map(async ([start, group]) => {
        const offsets = await cluster.offsets(start, group, true);
        for (const name of group) {
          const offset = offsets.get(partitionKey(name));
          if (offset !== undefined) begin(name, offset);
        }
      }),
    );
    const grown = firstTime ? [] : [...Map.groupBy(fresh, (name) => name.topic)];
    return grown.map(([topic, added]) =>
      alert(
        'info',
        topic,
        `${topic} has ${added.length} new partition${added.length > 1 ? 's' : ''}, read from the start.`,
      ),
    );
  }

  return {
    readings,
    get channels() {
      return topics
        .filter(({ errorCode }) => errorCode === kafkaError.none)
        .map(({ name }) => channelOf(name));
    },
    refuse(reading) {
      refused.add(reading.topic);
      for (const [key, one] of readings) if (one.topic === reading.topic) readings.delete(key);
    },
    async refresh() {
      topics = await list();
      const there = topics.filter(({ errorCode }) => errorCode === kafkaError.none);
      const gone = removed(new Set(there.map(({ name }) => name)));
      const names = there.flatMap((topic) =>
        topic.partitions.map(({ id }) => ({ topic: topic.name, partition: id })),
      );
      const added = await add(names);
      for (const reading of readings.values()) reading.paused = (cluster.leader(reading) ?? -1) < 0;
      firstTime = false;
      return [...gone, ...missing(), ...added];
    },
  };
}
