import { createHash } from 'node:crypto';
import { hashText } from '../../base/hash.ts';
import type { Delivery } from '../../model/delivery.ts';
import { positionName, type RawMessage } from '../../model/message.ts';
import type { SourceItem } from '../../model/source.ts';
import type { Handling, Publication } from './publication.ts';
import {
  deadLetterQueue,
  isTopic,
  placeChannel,
  routed,
  streamGroups,
  topics,
  type Place,
  type Topic,
} from './shop.ts';

/** What is told, and of which publication. */
export interface Told {
  readonly item: SourceItem;
  /** When it became known, epoch ms. */
  readonly at: number;
  /** The channel that it is about, where it is about one. */
  readonly place?: Place;
  /** Of a message. */
  readonly publication?: Publication;
}

/** Where cues are played: it counts, and tells. */
export interface Stage {
  tell(item: SourceItem, about?: Pick<Told, 'place' | 'publication'>): void;
  count(name: string): number;
  /** Adds, and gives the count before. */
  add(name: string, number: number): number;
  set(name: string, number: number): void;
}

/** Something that happens at a moment. */
export interface Cue {
  readonly at: number;
  readonly play: (stage: Stage) => void;
}

/** What of the play a publication depends on. */
export interface Setting {
  readonly cluster: string;
  /** When the shop opened. */
  readonly start: number;
  /** How many entries of the stream were planned for this millisecond before. */
  readonly sequence: number;
}

/** Names of counts. */
export const counts = {
  end: (topic: Topic, partition: number) => `${topic}/${partition}`,
  handled: (group: string, topic: Topic, partition: number) => `${group}@${topic}/${partition}`,
  waiting: (queue: string) => `waiting ${queue}`,
  pending: (group: string) => `pending ${group}`,
  lastMs: 'shipments ms',
  lastSequence: 'shipments sequence',
};

/** The pending entries are looked at this often. */
const lookEveryMs = 2_000;
/** How long consumers take for what they have nothing to do with. */
const usual = 12;

/** All that follows from a publication: the message itself, and what its consumers do. In order of time. */
export function cuesOf(publication: Publication, setting: Setting): Cue[] {
  const { to } = publication;
  if (isTopic(to)) return recordCues(publication, to, setting);
  if (to === 'payments') return amqpCues(publication, setting);
  if (to === 'shipments') return entryCues(publication, setting);
  return [messageCue(publication, setting, () => ({ id: pubsubName(publication, setting.cluster) }))];
}

function messageCue(
  publication: Publication,
  { cluster }: Setting,
  more: (stage: Stage) => Pick<RawMessage, 'id' | 'position' | 'producer' | 'notes'>,
  clock: RawMessage['clock'] = 'observer',
): Cue {
  const { at, to, content } = publication;
  return {
    at,
    play(stage) {
      const { headers = [], ...written } = content;
      const message: RawMessage = {
        kind: 'message',
        channel: placeChannel(cluster, to),
        ...more(stage),
        time: at,
        clock,
        observedAt: at,
        headers,
        ...written,
      };
      stage.tell(message, { place: to, publication });
    },
  };
}

/** A record goes to the partition of its key; groups get on and commit later (ticks.ts). */
function recordCues(publication: Publication, topic: Topic, setting: Setting): Cue[] {
  const { partitions, groups } = topics[topic];
  const partition = hashText(publication.content.key ?? '') % partitions;
  const message = messageCue(
    publication,
    setting,
    (stage) => ({ position: { partition, offset: String(stage.add(counts.end(topic, partition), 1)) } }),
    'producer',
  );
  const handled = groups.map(({ name, takes }) => ({
    at: publication.at + takes,
    play: (stage: Stage) => void stage.add(counts.handled(name, topic, partition), 1),
  }));
  return [message, ...handled];
}

/** What the firehose shows: the publish, then a delivery for each queue that it was routed to. */
function amqpCues(publication: Publication, setting: Setting): Cue[] {
  const { at, service, content, handled = {} } = publication;
  const id = amqpName(publication, setting.cluster);
  const targets = routed(content.routingKey ?? '');
  const message = messageCue(publication, setting, () => ({
    id,
    producer: service,
    notes: {
      node: `rabbit@${setting.cluster}`,
      vhost: '/',
      user: service,
      routed_queues: targets.map(({ name }) => name),
    },
  }));
  const cues = targets.flatMap((queue) =>
    handOverCues(id, { queue: queue.name, consumer: queue.service }, at, handled[queue.name] ?? {}),
  );
  return [message, ...cues];
}

function handOverCues(
  event: string,
  { queue, consumer }: { readonly queue: string; readonly consumer: string },
  at: number,
  { doneAt = at + usual, againAt, rejectedAt }: Handling,
): Cue[] {
  const deliver = (time: number, status: Delivery['status']): Cue => ({
    at: time,
    play: (stage) =>
      stage.tell(
        { kind: 'delivery', subject: { event }, consumer, status, evidence: 'firehose', time, via: queue },
        { place: 'payments' },
      ),
  });
  const count = (time: number, name: string, by: number): Cue => ({
    at: time,
    play: (stage) => void stage.add(counts.waiting(name), by),
  });
  const cues = [count(at, queue, 1), deliver(at + 2, 'delivered')];
  if (againAt !== undefined) cues.push(deliver(againAt, 'redelivered'));
  if (rejectedAt === undefined) return doneAt === 'never' ? cues : [...cues, count(doneAt, queue, -1)];
  // The dead letter's header has whole seconds.
  const after = Math.floor(rejectedAt / 1000) * 1000;
  const rejection: Delivery = {
    kind: 'delivery',
    subject: { event },
    consumer,
    status: 'dead-lettered',
    evidence: 'dead-letter-header',
    after,
    before: after + 1000,
    via: `${queue} (rejected)`,
  };
  return [
    ...cues,
    { at: rejectedAt, play: (stage) => stage.tell(rejection, { place: 'payments' }) },
    count(rejectedAt, queue, -1),
    count(rejectedAt, deadLetterQueue, 1),
  ];
}

/** A stream entry, and what looking at the groups' pending entries shows of it. */
function entryCues(publication: Publication, setting: Setting): Cue[] {
  const { at, handled = {} } = publication;
  const offset = `${at}-${setting.sequence}`;
  const message = messageCue(
    publication,
    setting,
    (stage) => {
      stage.set(counts.lastMs, at);
      stage.set(counts.lastSequence, setting.sequence);
      return { position: { offset } };
    },
    'broker',
  );
  const event = positionName(placeChannel(setting.cluster, 'shipments'), { offset });
  const cues = streamGroups.flatMap(({ name }) =>
    pendingCues(event, name, at, { consumer: name, ...handled[name] }, setting),
  );
  return [message, ...cues];
}

function pendingCues(
  event: string,
  group: string,
  at: number,
  { consumer, doneAt = at + usual }: Handling,
  { start }: Setting,
): Cue[] {
  const handedAt = at + 1;
  const lookAfter = (time: number): number => start + Math.ceil((time - start) / lookEveryMs) * lookEveryMs;
  const first = lookAfter(handedAt);
  const wasSeen = doneAt === 'never' || doneAt > first;
  const tell = (time: number, more: Partial<Delivery> & Pick<Delivery, 'status'>): Cue => ({
    at: time,
    play: (stage) =>
      stage.tell(
        { kind: 'delivery', subject: { event }, consumer: group, evidence: 'pending-entries', ...more },
        { place: 'shipments' },
      ),
  });
  const count = (time: number, by: number): Cue => ({
    at: time,
    play: (stage) => void stage.add(counts.pending(group), by),
  });
  const via = wasSeen ? { via: consumer } : {};
  const cues = [count(handedAt, 1)];
  if (wasSeen) cues.push(tell(first, { status: 'pending', time: handedAt, ...via }));
  if (doneAt === 'never') return cues;
  const look = lookAfter(doneAt);
  const after = Math.max(look - lookEveryMs, at);
  return [...cues, count(doneAt, -1), tell(look, { status: 'acknowledged', after, before: look, ...via })];
}

/** As the RabbitMQ connector names it: by its message id, else by what it says and when it came. */
function amqpName({ content, at }: Publication, cluster: string): string {
  const id = content.properties?.['message_id'];
  if (typeof id === 'string') return `rabbitmq/${cluster}/payments/${id}`;
  return `rabbitmq/${cluster}/payments/${digest(`${content.routingKey}\0${content.body}`, 16)}@${at}`;
}

/** As the Redis connector names what was published without a position. */
function pubsubName({ to, content, at }: Publication, cluster: string): string {
  return `redis/${cluster}/pubsub:${to}/${digest(content.body, 12)}@${at}-0`;
}

function digest(text: string, length: number): string {
  return createHash('sha1').update(text).digest('base64url').slice(0, length);
}
