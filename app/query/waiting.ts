import { channelId } from '../analyze/channel-id.ts';
import { reachOf } from '../analyze/consumers.ts';
import type { WaitingEventDto } from '../contract/page.ts';
import type { Subscription, Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import type { TraceStore, Waiting } from '../store/trace-store.ts';
import { eventRow } from './list-events.ts';
import { wholeTopology } from './topology.ts';

interface WaitingList {
  readonly events: WaitingEventDto[];
  readonly total?: number;
  readonly notes: string[];
}

/** What waits on a channel for one consumer, the longest first. Undefined where it does not consume the channel. */
export async function waiting(
  store: TraceStore,
  input: { readonly channel: string; readonly consumer: string; readonly limit: number },
): Promise<WaitingList | undefined> {
  const [{ participants, channels, edges }, topologies] = await Promise.all([
    wholeTopology(store),
    store.topologies(),
  ]);
  const found = channels.find(({ id }) => id === input.channel);
  const consumer = participants.find(({ id }) => id === input.consumer)?.name;
  if (!found || consumer === undefined) return undefined;
  const { system, cluster, name, kind } = found;
  const channel: Channel = { system, cluster, name, kind };
  const subscriptions = subscriptionsOf([...topologies.values()], channel, consumer);
  const isHanded = edges.some(
    ({ from, to, kind: edge }) => edge === 'consumes' && from === input.channel && to === input.consumer,
  );
  if (subscriptions.length === 0 && !isHanded) return undefined;

  const known = await store.waiting({ channel, consumer, limit: input.limit });
  const lags = subscriptions.flatMap(({ lag }) => lag ?? []);
  const total = lags.length === 0 ? undefined : lags.reduce((sum, lag) => sum + lag, 0);
  return {
    events: toEvents(known).slice(0, input.limit),
    ...(total !== undefined && { total }),
    notes: [
      ...routeNote(channel, subscriptions),
      ...(subscriptions.length === 0
        ? [`${consumer} is known from deliveries only: no broker lists it.`]
        : []),
      ...knowledgeNotes(channel, consumer, known, total),
    ],
  };
}

/** What the consumer reads of all that the channel's events are routed to. */
function subscriptionsOf(
  topologies: readonly Topology[],
  channel: Channel,
  consumer: string,
): readonly Subscription[] {
  const reached = reachOf(topologies)(channel);
  return topologies
    .flatMap(({ subscriptions }) => subscriptions)
    .filter((each) => each.consumer === consumer && reached.has(channelId(each.channel)));
}

function toEvents({ inHand, unread = [] }: Waiting): WaitingEventDto[] {
  return [
    ...inHand.map(({ event, since, count }): WaitingEventDto => ({
      event: eventRow(event),
      state: 'pending',
      since,
      deliveries: count,
    })),
    ...unread.map((event): WaitingEventDto => ({
      event: eventRow(event),
      state: 'unread',
      since: event.time,
    })),
  ].sort((a, b) => a.since - b.since || a.event.seq - b.event.seq);
}

/** Where the consumer does not read the channel itself. */
function routeNote(channel: Channel, subscriptions: readonly Subscription[]): string[] {
  const own = channelId(channel);
  const queues = [...new Set(subscriptions.map((each) => each.channel))].filter(
    (each) => channelId(each) !== own,
  );
  const names = [...new Set(queues.map(({ name }) => name))];
  return names.length === 0
    ? []
    : [`It reads ${names.join(', ')}, where ${channel.name} is routed to and other channels may be too.`];
}

function knowledgeNotes(
  { kind }: Channel,
  consumer: string,
  { inHand, inHandCount, unread, unreadCount = 0, unknownPartitions = 0 }: Waiting,
  total: number | undefined,
): string[] {
  if (kind === 'queue' || kind === 'exchange')
    return [
      'Which messages wait in a queue cannot be seen without taking them out; RabbitMQ says only how many.',
      ...(total === undefined ? ['How many is known where the management API can be reached.'] : []),
    ];
  if (kind === 'pubsub')
    return ['Pub/sub keeps nothing: who does not listen misses an event, and none waits.'];
  if (inHandCount === 0 && unread === undefined)
    return [`How far ${consumer} has got is not known: it acknowledged nothing as long as Headwater looked.`];
  const missing = inHandCount - inHand.length;
  const recorded = inHandCount + unreadCount;
  return [
    ...(unreadCount > 0
      ? ['Positions are looked at every few seconds: what was read since then still shows as unread.']
      : []),
    ...(unknownPartitions > 0
      ? [`On ${partitions(unknownPartitions)} it acknowledged nothing; what waits there is not listed.`]
      : []),
    ...(total !== undefined && total > recorded
      ? [
          `${total - recorded} of the ${total} that wait were not recorded: they are older, or on what is not read.`,
        ]
      : missing > 0 && unreadCount === 0
        ? [`${inHandCount} are in hand; those that were not recorded are not listed.`]
        : []),
  ];
}

const partitions = (count: number): string => (count === 1 ? '1 partition' : `${count} partitions`);
