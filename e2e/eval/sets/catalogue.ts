import { axon } from './frameworks/axon.ts';
import { cloudevents } from './frameworks/cloudevents.ts';
import { masstransitHeaders } from './frameworks/masstransit-headers.ts';
import { masstransit } from './frameworks/masstransit.ts';
import { nservicebus } from './frameworks/nservicebus.ts';
import { claims } from './stories/claims.ts';
import { several } from './stories/several.ts';
import { shop } from './stories/shop.ts';
import { signup } from './stories/signup.ts';
import { trips } from './stories/trips.ts';
import { World, type WorldOptions } from './world.ts';
import { write, type LabelledSet, type WriteOptions } from './write.ts';

interface Recipe extends Omit<WorldOptions, 'name' | 'seed'>, WriteOptions {}

const recipes: Readonly<Record<string, Recipe>> = {
  cloudevents: { framework: cloudevents, story: several(shop, signup), flows: 60, rate: 20, positions: true },
  masstransit: { framework: masstransit, story: several(shop, claims), flows: 60, rate: 8, producers: 1 },
  'masstransit-headers': { framework: masstransitHeaders, story: several(shop, trips), flows: 60, rate: 20 },
  nservicebus: { framework: nservicebus, story: several(claims, shop), flows: 60, rate: 12, producers: 0.6 },
  axon4: { framework: axon(4), story: shop, flows: 70, rate: 20, positions: true },
  axon5: { framework: axon(5), story: several(shop, signup), flows: 70, rate: 10 },
};

export const setNames = Object.keys(recipes);

/** The labelled set of that name: the same for the same seed. */
export function make(name: string, seed: number, flows?: number): LabelledSet {
  const recipe = recipes[name];
  if (!recipe) throw new Error(`There is no set called ${name}: ${setNames.join(', ')}`);
  const world = new World({ ...recipe, name, seed, flows: flows ?? recipe.flows });
  world.run();
  return write(world, recipe);
}
