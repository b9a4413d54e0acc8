import type { Binding, Coverage, Subscription } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import { counts, type Stage } from './cues.ts';
import {
  deadLetterExchange,
  deadLetterQueue,
  isTopic,
  placeChannel,
  places,
  queueChannel,
  queues,
  streamGroups,
  topics,
  type Topic,
} from './shop.ts';

/** What is looked at every few seconds: commits, what was read, and who consumes with how much before them. */
export const tickEveryMs = 5_000;

const markedAt = 'marked at';

/** Plays one look. */
export function playTick(stage: Stage, at: number, cluster: string): void {
  for (const topic of Object.keys(topics) as Topic[]) tellCommits(stage, at, topic, cluster);
  tellCoverage(stage, at, cluster);
  stage.set(markedAt, at);
  stage.tell({
    kind: 'topology',
    observedAt: at,
    channels: [
      ...places.map((place) => placeChannel(cluster, place)),
      exchange(cluster, deadLetterExchange),
      ...[...queues.map(({ name }) => name), deadLetterQueue].map((name) => queueChannel(cluster, name)),
    ],
    subscriptions: subscriptions(stage, cluster),
    bindings: bindings(cluster),
  });
}

function tellCommits(stage: Stage, at: number, topic: Topic, cluster: string): void {
  const { partitions, groups } = topics[topic];
  const channel = placeChannel(cluster, topic);
  for (const { name } of groups) {
    for (let partition = 0; partition < partitions; partition++) {
      const handled = stage.count(counts.handled(name, topic, partition));
      const committed = stage.count(committedName(name, topic, partition));
      if (handled === committed) continue;
      stage.set(committedName(name, topic, partition), handled);
      stage.tell(
        {
          kind: 'delivery',
          subject: { channel, partition, fromOffset: String(committed), toOffset: String(handled) },
          consumer: name,
          status: 'acknowledged',
          evidence: 'offset-commit',
          after: at - tickEveryMs,
          before: at,
        },
        { place: topic },
      );
    }
  }
}

const committedName = (group: string, topic: Topic, partition: number): string =>
  `committed ${counts.handled(group, topic, partition)}`;

/** Everything from the mark before up to now was read. */
function tellCoverage(stage: Stage, at: number, cluster: string): void {
  const from = stage.count(markedAt) || at - tickEveryMs;
  for (const place of places) {
    const mark: Coverage = {
      kind: 'coverage',
      channel: placeChannel(cluster, place),
      state: 'read',
      from,
      to: at,
    };
    if (isTopic(place)) {
      for (let partition = 0; partition < topics[place].partitions; partition++) {
        const end = counts.end(place, partition);
        const range = {
          fromOffset: String(stage.count(`marked ${end}`)),
          toOffset: String(stage.count(end)),
        };
        stage.set(`marked ${end}`, stage.count(end));
        stage.tell({ ...mark, partition, ...range }, { place });
      }
    } else if (place === 'shipments') {
      const [ms, sequence] = [counts.lastMs, counts.lastSequence];
      const idAfter = (prefix: string): string =>
        `${stage.count(`${prefix}${ms}`)}-${stage.count(`${prefix}${sequence}`) + 1}`;
      stage.tell({ ...mark, fromOffset: idAfter('marked '), toOffset: idAfter('') }, { place });
      for (const name of [ms, sequence]) stage.set(`marked ${name}`, stage.count(name));
    } else {
      stage.tell(mark, { place });
    }
  }
}

function subscriptions(stage: Stage, cluster: string): Subscription[] {
  const found: Subscription[] = [];
  const add = (channel: Channel, consumer: string, lag: number, detail: string): void => {
    found.push({ kind: 'subscription', channel, consumer, lag, detail });
  };
  for (const topic of Object.keys(topics) as Topic[]) {
    const { partitions, groups } = topics[topic];
    for (const { name } of groups) {
      let lag = 0;
      for (let partition = 0; partition < partitions; partition++) {
        lag += stage.count(counts.end(topic, partition)) - stage.count(committedName(name, topic, partition));
      }
      add(placeChannel(cluster, topic), name, lag, 'Stable, 1 member');
    }
  }
  for (const { name, service } of queues) {
    const waiting = stage.count(counts.waiting(name));
    add(queueChannel(cluster, name), service, waiting, `ready 0, unacked ${waiting}`);
  }
  const last = `${stage.count(counts.lastMs)}-${stage.count(counts.lastSequence)}`;
  for (const { name, consumers } of streamGroups) {
    const pending = stage.count(counts.pending(name));
    const members = consumers === 1 ? '1 consumer' : `${consumers} consumers`;
    add(placeChannel(cluster, 'shipments'), name, pending, `${members}, pending ${pending}, at ${last}`);
  }
  return found;
}

function bindings(cluster: string): Binding[] {
  return [
    ...queues.map(({ name, binding }): Binding => ({
      kind: 'binding',
      channel: placeChannel(cluster, 'payments'),
      to: name,
      toKind: 'queue',
      routingKey: binding,
    })),
    ...queues.map(({ name }): Binding => ({
      kind: 'binding',
      channel: queueChannel(cluster, name),
      to: deadLetterExchange,
      toKind: 'exchange',
      deadLetter: true,
    })),
    {
      kind: 'binding',
      channel: exchange(cluster, deadLetterExchange),
      to: deadLetterQueue,
      toKind: 'queue',
      routingKey: '',
    },
  ];
}

function exchange(cluster: string, name: string): Channel {
  return { system: 'rabbitmq', cluster, name, kind: 'exchange' };
}
