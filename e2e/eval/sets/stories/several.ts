import type { Story } from '../story.ts';

/** A company that does all of these at once: each flow is one of them. */
export function several(...stories: readonly Story[]): Story {
  return {
    types: Object.assign({}, ...stories.map(({ types }) => types)) as Story['types'],
    handlers: Object.assign({}, ...stories.map(({ handlers }) => handlers)) as Story['handlers'],
    begin(beginning) {
      beginning.rng.pick(stories).begin(beginning);
    },
  };
}
