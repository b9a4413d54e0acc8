import type { MapEdge, MapNode } from '../state/map-model.ts';
import { count, counted, rate } from '../widgets/format.ts';
import type { IconName } from '../widgets/icon.tsx';
import { systemTitle } from '../widgets/system-mark.tsx';

/** What kinds are called. */
export const kindWords: Readonly<Record<MapNode['kind'], string>> = {
  participant: 'participant',
  topic: 'topic',
  exchange: 'exchange',
  queue: 'queue',
  stream: 'stream',
  pubsub: 'pub/sub channel',
  list: 'list',
  'sns-topic': 'SNS topic',
  'sqs-queue': 'SQS queue',
};

/** "orders, Kafka topic" or "payments, participant"; with its cluster where another has the same name. */
export function nodeName({ name, kind, system, cluster, ambiguous }: MapNode): string {
  if (system === undefined) return `${name}, ${kindWords[kind]}`;
  const words = `${name}, ${systemTitle(system)} ${kindWords[kind]}`;
  return ambiguous ? `${words} of ${cluster}` : words;
}

export const edgeWords: Readonly<Record<MapEdge['kind'], string>> = {
  publishes: 'publishes to',
  consumes: 'is consumed by',
  routes: 'routes to',
  'dead-letters': 'dead-letters to',
};

/** What is known of an edge, in a few words: what waits; rate, or else how much was recorded; how it is routed. */
export function edgeFacts({ rate: moves, events, lag, lagging, routingKeys }: MapEdge): string[] {
  return [
    ...(lag === undefined || lag === 0 ? [] : [`${count(lag)} waiting${lagging ? ', growing' : ''}`]),
    ...(moves !== undefined ? [rate(moves)] : events !== undefined ? [counted(events, 'event')] : []),
    ...(routingKeys === '' ? [] : [routingKeys]),
  ];
}

/** How a node fares, as an icon. */
export const healthIcons: Readonly<Record<MapNode['health']['state'], IconName>> = {
  well: 'check',
  gaps: 'gap',
  silent: 'silent',
  lagging: 'queue',
  down: 'unplugged',
};
