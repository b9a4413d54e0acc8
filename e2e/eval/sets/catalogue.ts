import { amqpProperties } from './frameworks/amqp-properties.ts';
import { axon } from './frameworks/axon.ts';
import { bullmq } from './frameworks/bullmq.ts';
import { celery } from './frameworks/celery.ts';
import { cloudevents } from './frameworks/cloudevents.ts';
import { debeziumOutbox } from './frameworks/debezium-outbox.ts';
import { eventsOnly } from './frameworks/events-only.ts';
import { eventSourced } from './frameworks/event-sourced.ts';
import { firstOfBatch } from './frameworks/first-of-batch.ts';
import { masstransitHeaders } from './frameworks/masstransit-headers.ts';
import { masstransit } from './frameworks/masstransit.ts';
import { mixedCompany } from './frameworks/mixed-company.ts';
import { nestjs } from './frameworks/nestjs.ts';
import { nservicebus } from './frameworks/nservicebus.ts';
import { plainOrders } from './frameworks/plain-orders.ts';
import { rebus } from './frameworks/rebus.ts';
import { springCloudStream } from './frameworks/spring-cloud-stream.ts';
import { springKafka } from './frameworks/spring-kafka.ts';
import { tracers } from './frameworks/tracers.ts';
import { uuidSoup } from './frameworks/uuid-soup.ts';
import { w3cTraceContext } from './frameworks/w3c-tracecontext.ts';
import { batches } from './stories/batches.ts';
import { claims } from './stories/claims.ts';
import { media } from './stories/media.ts';
import { objects } from './stories/objects.ts';
import { renderJobs } from './stories/render-jobs.ts';
import { several } from './stories/several.ts';
import { shop } from './stories/shop.ts';
import { signup } from './stories/signup.ts';
import { transfers } from './stories/transfers.ts';
import { trips } from './stories/trips.ts';
import { videoTasks } from './stories/video-tasks.ts';
import type { Story } from './story.ts';
import { World, type WorldOptions } from './world.ts';
import { write, type LabelledSet, type WriteOptions } from './write.ts';

interface Recipe extends Omit<WorldOptions, 'name' | 'seed' | 'story'>, WriteOptions {
  /** Made anew for each world, where it remembers. */
  readonly story: Story | (() => Story);
}

const recipes: Readonly<Record<string, Recipe>> = {
  cloudevents: { framework: cloudevents, story: several(shop, signup), flows: 40, rate: 20, positions: true },
  masstransit: { framework: masstransit, story: several(shop, claims), flows: 32, rate: 8, producers: 1 },
  'masstransit-headers': { framework: masstransitHeaders, story: several(shop, trips), flows: 40, rate: 20 },
  nservicebus: { framework: nservicebus, story: several(claims, shop), flows: 32, rate: 12, producers: 0.6 },
  axon4: { framework: axon(4), story: shop, flows: 32, rate: 20, positions: true },
  axon5: { framework: axon(5), story: several(shop, signup), flows: 32, rate: 10 },
  'spring-kafka': {
    framework: springKafka,
    story: several(claims, trips),
    flows: 40,
    rate: 10,
    positions: true,
  },
  'spring-cloud-stream': { framework: springCloudStream, story: several(shop, media), flows: 40, rate: 15 },
  nestjs: { framework: nestjs, story: several(claims, shop), flows: 40, rate: 15 },
  'debezium-outbox': {
    framework: debeziumOutbox,
    story: several(shop, signup),
    flows: 40,
    rate: 20,
    positions: true,
  },
  celery: { framework: celery, story: videoTasks, flows: 32, rate: 6, producers: 0.5 },
  rebus: { framework: rebus, story: several(claims, trips), flows: 32, rate: 15, producers: 0.7 },
  'amqp-properties': { framework: amqpProperties, story: several(claims, shop), flows: 40, rate: 20 },
  bullmq: { framework: bullmq, story: renderJobs, flows: 32, rate: 8 },
  'w3c-tracecontext': { framework: w3cTraceContext, story: several(shop, claims), flows: 40, rate: 20 },
  'b3-and-jaeger-and-datadog': {
    framework: tracers,
    story: several(shop, trips),
    flows: 40,
    rate: 20,
    positions: true,
  },
  'orders-plain': { framework: plainOrders(false), story: shop, flows: 60, rate: 20, producers: 0.4 },
  'orders-numeric': { framework: plainOrders(true), story: shop, flows: 60, rate: 20, deliveries: 0.3 },
  'object-centric': { framework: eventsOnly, story: objects, flows: 60, rate: 15, positions: true },
  batches: { framework: firstOfBatch, story: batches, flows: 80, rate: 10 },
  'event-sourced': { framework: eventSourced, story: transfers, flows: 80, rate: 20, positions: true },
  'uuid-soup': { framework: uuidSoup, story: several(claims, shop), flows: 45, rate: 15 },
  'mixed-company': { framework: mixedCompany, story: shop, flows: 45, rate: 15, producers: 0.5 },
};

export const setNames = Object.keys(recipes);

/** The labelled set of that name: the same for the same seed. */
export function make(name: string, seed: number, flows?: number): LabelledSet {
  const recipe = recipes[name];
  if (!recipe) throw new Error(`There is no set called ${name}: ${setNames.join(', ')}`);
  const story = typeof recipe.story === 'function' ? recipe.story() : recipe.story;
  const world = new World({ ...recipe, story, name, seed, flows: flows ?? recipe.flows });
  world.run();
  return write(world, recipe);
}
