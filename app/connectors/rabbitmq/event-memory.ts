import { hash, randomBytes } from 'node:crypto';
import { canonical, textOf, toJson } from './amqp-value.ts';
import { deathsOf, originOf, publishedHeaders, type Death, type Origin } from './deaths.ts';
import type { ClientRef } from './client-names.ts';
import type { Observation } from './observation.ts';

/** A published message that is remembered, so that what happens to it later finds it. */
interface Remembered {
  readonly id: string;
  /** Queues it was routed to and not yet handed out by; undefined where that is not known. */
  readonly waiting: Set<string> | undefined;
  /** Who it was handed to, per queue. */
  readonly handed: Map<string, ClientRef>;
  readonly deaths: Set<string>;
}

interface Entry {
  /** How many were published under this identity since attaching. */
  count: number;
  readonly list: Remembered[];
}

/** What an observation is about. */
export interface Recognised {
  readonly id: string;
  /** Nothing of this event was seen before: it was published before Headwater attached, or is forgotten. */
  readonly isNew: boolean;
  /** Where it was first published. */
  readonly origin: Origin;
  /** Deaths that were not reported yet, oldest first, each with the client that had been handed it. */
  readonly deaths: readonly (Death & { readonly client: ClientRef | undefined })[];
}

/**
 * Names what is published and recognises what is delivered: RabbitMQ gives messages no identity.
 *
 * A message with a `message_id` is named by it and its exchange, so the name is the same after a restart; the second
 * one published with that id while attached gets `#2`. One without is named by a hash of its content and the
 * millisecond of its arrival. A deliver belongs to the oldest publish of equal identity whose queue has not handed it
 * out yet; that is exact unless equal messages without an id are overtaken by one another.
 */
export interface EventMemory {
  publish(seen: Observation, now: number): Recognised;
  /** For delivers and dead letters. */
  follow(seen: Observation, now: number): Recognised;
}

/** `prefix`: `rabbitmq/<cluster>`. `limit`: how many identities are remembered; the oldest is forgotten first. */
export function createEventMemory(prefix: string, limit = 50_000): EventMemory {
  const entries = new Map<string, Entry>();

  function entryOf(key: string): Entry {
    const entry = entries.get(key) ?? { count: 0, list: [] };
    // A Map keeps the order of insertion: what was used last moves to the end.
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > limit) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
    return entry;
  }

  function remember(key: string, base: string, queues: readonly string[] | undefined): Remembered {
    const entry = entryOf(key);
    entry.count++;
    const made: Remembered = {
      id: entry.count === 1 ? base : `${base}#${entry.count}`,
      waiting: queues && new Set(queues),
      handed: new Map(),
      deaths: new Set(),
    };
    entry.list.push(made);
    if (entry.list.length > perIdentity) entry.list.shift();
    return made;
  }

  function newDeaths(known: Remembered, seen: Observation): Recognised['deaths'] {
    const fresh = deathsOf(seen.headers).filter((death) => {
      const name = `${death.queue}/${death.reason}/${death.count}`;
      if (known.deaths.has(name)) return false;
      known.deaths.add(name);
      return true;
    });
    return fresh.map((death) => ({ ...death, client: known.handed.get(death.queue) })).toReversed();
  }

  return {
    publish(seen, now) {
      const origin = { exchange: seen.exchange, routingKey: seen.routingKeys[0] ?? '' };
      const { key, base } = identify(seen, origin, now);
      const made = remember(key, `${prefix}/${base}`, seen.routedQueues);
      return { id: made.id, isNew: true, origin, deaths: [] };
    },
    follow(seen, now) {
      const origin = originOf(seen.headers, {
        exchange: seen.exchange,
        routingKey: seen.routingKeys[0] ?? '',
      });
      const { key, base } = identify(seen, origin, now);
      const candidates = entries.get(key)?.list ?? [];
      const found = choose(candidates, seen);
      const known = found ?? remember(key, `${prefix}/${base}`, undefined);
      const deaths = newDeaths(known, seen);
      if (seen.queue !== undefined) {
        known.waiting?.delete(seen.queue);
        known.handed.set(seen.queue, {
          connection: seen.connection,
          channel: seen.channel,
          queue: seen.queue,
        });
      }
      return { id: known.id, isNew: !found, origin, deaths };
    },
  };
}

/** Equal messages remembered at once; more are told apart only by what is newest. */
const perIdentity = 1_000;

function choose(candidates: readonly Remembered[], seen: Observation): Remembered | undefined {
  const { queue } = seen;
  if (queue === undefined) return candidates.find((c) => c.deaths.size === 0) ?? candidates.at(-1);
  const waiting = (c: Remembered) => c.waiting?.has(queue) ?? !c.handed.has(queue);
  const handed = (c: Remembered) => c.handed.has(queue);
  // A dead letter is handed out by a queue that its publish was not routed to.
  const untouched = (c: Remembered) => !c.handed.has(queue);
  return (
    (seen.redelivered ? candidates.find(handed) : undefined) ??
    candidates.find(waiting) ??
    (deathsOf(seen.headers).length > 0 ? candidates.find(untouched) : undefined) ??
    candidates.at(-1)
  );
}

/** `key` is equal for what is the same message; `base` is the name of the first event with that key. */
function identify(
  seen: Observation,
  origin: Origin,
  now: number,
): { readonly key: string; readonly base: string } {
  const place = origin.exchange === '' ? `${defaultExchange}/${origin.routingKey}` : origin.exchange;
  const messageId = textOf(seen.properties['message_id']);
  if (messageId !== undefined && messageId !== '') {
    const base = `${place}/${messageId}`;
    return { key: base, base };
  }
  // Dead-lettering takes the expiration away and sorts the headers.
  const { expiration: _, ...kept } = seen.properties;
  const properties = canonical(kept);
  const headers = canonical(toJson(publishedHeaders(seen.headers)));
  // Salted: content may hold what is masked before it is stored, and could be guessed from a bare hash.
  const about = Buffer.from([salt, place, origin.routingKey, properties, headers, ''].join('\0'));
  const digest = hash('sha1', Buffer.concat([about, seen.body]), 'base64url').slice(0, 16);
  return { key: digest, base: `${place}/${digest}@${now}` };
}

/** Names made of it hold the time of arrival, so they need not be the same in another run. */
const salt = randomBytes(16).toString('base64url');

/** How the default exchange is written, which has an empty name. */
export const defaultExchange = '(default)';
