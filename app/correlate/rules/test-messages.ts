import type { DecodedMessage, Facts } from '../../model/event.ts';
import type { Channel, Json, System } from '../../model/message.ts';
import { extractFacts } from '../extract.ts';
import type { Rules } from './index.ts';

/** For the tests of each framework: a message in the form that its documentation shows, and what is understood of it. */
interface Said {
  readonly headers?: Readonly<Record<string, string | Uint8Array>>;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly json?: Json;
  readonly on?: string;
  readonly system?: System;
  readonly kind?: Channel['kind'];
  readonly key?: string;
  readonly producer?: string;
}

const kinds: Readonly<Record<System, Channel['kind']>> = {
  kafka: 'topic',
  rabbitmq: 'exchange',
  redis: 'stream',
  aws: 'sns-topic',
};

export function message(said: Said): DecodedMessage {
  const { headers = {}, properties, json, on = 'orders', system = 'kafka', key, producer } = said;
  const { kind = kinds[system] } = said;
  return {
    kind: 'message',
    channel: { system, cluster: 'test', name: on, kind },
    time: 1,
    clock: 'broker',
    observedAt: 1,
    headers: Object.entries(headers),
    ...(properties && { properties }),
    ...(key !== undefined && { key }),
    ...(producer !== undefined && { producer }),
    payload: { format: json === undefined ? 'empty' : 'json', size: 1 },
    ...(json !== undefined && { json }),
  };
}

/** What is understood, without its facts' paths: keys as `orderId=1`, those that only list in brackets. */
export function understood(said: Said, rules?: Rules) {
  const facts: Facts = extractFacts(message(said), rules);
  return {
    type: facts.type,
    producer: facts.producer,
    ids: facts.ids,
    causes: facts.causes.map(({ id, evidence, by }) =>
      [evidence, ...(by === undefined ? [] : [by]), id].join(' '),
    ),
    keys: facts.keys.map(({ name, value, role }) =>
      role === 'joins' ? `${name}=${value}` : `(${name}=${value})`,
    ),
    trace: facts.trace,
    sentAt: facts.sentAt === undefined ? undefined : new Date(facts.sentAt).toISOString(),
  };
}
