import { remembered } from '../base/remembered.ts';
import { words } from '../base/words.ts';
import { entityOf } from './names.ts';

/** What is said of a thing when it comes into being: in an event, and in a command. */
const born: ReadonlySet<string> = new Set(
  'created registered added opened onboarded enrolled invited joined imported uploaded submitted provisioned started'.split(
    ' ',
  ),
);
const bear: ReadonlySet<string> = new Set(
  'create register add open onboard enroll enrol invite import upload submit provision start new'.split(' '),
);
/** Two words for one beginning: `UserSignedUp`, `SignUpUser`. */
const signUp = /(?:^|\.)sign(?:ed)?\.up(?:\.|$)/;

/** The key of the thing that events of this type bring into being: `userId` for `UserRegistered` and `CreateUser`. */
export const bornBy = remembered((type) => read(words(type)));

function read(all: readonly string[]): string | undefined {
  const isEvent = all.some((word, i) => i > 0 && born.has(word)) || signUp.test(all.join('.'));
  const isCommand = bear.has(all[0] ?? '');
  const thing = isCommand ? all.slice(1).join(' ') : isEvent ? all.join(' ') : '';
  const entity = entityOf(thing.replace(/^up /, ''));
  return entity === undefined ? undefined : `${entity}Id`;
}
