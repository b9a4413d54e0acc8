import type { Data, Wire } from '../lines.ts';
import type { Outgoing } from '../sent.ts';
import { iso, type Framework, type World } from '../world.ts';

const OVER_REDIS = new Set(['notify', 'search']);

/** Celery's protocol 2: context in the headers, on RabbitMQ as such, on Redis in the JSON of a list's entry. */
export const celery: Framework = {
  wrap(out, world) {
    const handled = out.handled?.meta;
    if (out.kind === 'reply') return result(out, handled?.['id'] ?? '');
    const id = out.options.extra?.['id'] ?? world.rng.uuid();
    Object.assign(out.meta, { id, root: handled?.['root'] ?? id, parent: handled?.['id'] ?? '' });
    return task(out, headersOf(out, world), world);
  },
  failed({ sent, attempt, at }, world) {
    // A retry is the same task again, with a later ETA.
    const wire = sent.wire as Wire;
    const headers = { ...headersOf(sent, world), retries: attempt, eta: iso(at + 2000) };
    return {
      wire: { ...wire, ...task(sent, headers, world) },
      meta: sent.meta,
      after: 3,
      waits: 2000,
      dead: false,
    };
  },
};

function headersOf(out: Outgoing, world: World): Data {
  const { id, root, parent } = out.meta;
  const { holds, extra } = out.options;
  return {
    lang: 'py',
    task: out.type,
    id,
    shadow: null,
    eta: holds ? iso(out.at + holds).replace('Z', '000+00:00') : null,
    expires: null,
    group: extra?.['group'] ?? null,
    group_index: null,
    retries: 0,
    timelimit: [null, null],
    root_id: root,
    parent_id: parent === '' ? null : parent,
    argsrepr: '()',
    kwargsrepr: JSON.stringify(out.data).replaceAll('"', "'"),
    origin: `gen${(world.count(`origin ${out.service}`) % 3) + 8}@${out.service}`,
    ignore_result: extra?.['wantsResult'] === undefined,
  };
}

function task(out: Outgoing, headers: Data, world: World): Wire {
  const { chain, chord, wantsResult } = out.options.extra ?? {};
  const embed = {
    callbacks: null,
    errbacks: null,
    chain: chain
      ? chain
          .split(',')
          .map((name) => ({ task: name, args: [], kwargs: {}, options: {} }))
          .reverse()
      : null,
    chord: chord
      ? {
          task: 'videos.publish',
          args: [],
          kwargs: {},
          options: { task_id: chord, root_id: headers['root_id'] },
        }
      : null,
  };
  const body = [[], out.data, embed];
  const properties = {
    correlation_id: out.meta['id'],
    ...(wantsResult && { reply_to: '5f2c1d0a-77a1-3c0e-9a53-0b7f3c1e2d44' }),
    delivery_mode: 2,
    priority: 0,
  };
  if (!OVER_REDIS.has(out.domain)) {
    return {
      place: { system: 'rabbitmq', channel: out.domain, channelKind: 'exchange' },
      routingKey: out.domain,
      properties: { ...properties, content_type: 'application/json', content_encoding: 'utf-8' },
      headers,
      payload: body,
    };
  }
  return {
    place: { system: 'redis', channel: out.domain, channelKind: 'list' },
    payload: {
      body: Buffer.from(JSON.stringify(body)).toString('base64'),
      'content-encoding': 'utf-8',
      'content-type': 'application/json',
      headers,
      properties: {
        ...properties,
        delivery_info: { exchange: '', routing_key: out.domain },
        body_encoding: 'base64',
        delivery_tag: world.rng.uuid(),
      },
    },
  };
}

/** What the RPC result backend sends back to the queue of whoever asked. */
function result(out: Outgoing, id: string): Wire {
  return {
    place: { system: 'rabbitmq', channel: '5f2c1d0a-77a1-3c0e-9a53-0b7f3c1e2d44', channelKind: 'queue' },
    routingKey: '5f2c1d0a-77a1-3c0e-9a53-0b7f3c1e2d44',
    properties: { correlation_id: id, content_type: 'application/json', content_encoding: 'utf-8' },
    payload: { task_id: id, status: 'SUCCESS', result: null, traceback: null, children: [] },
  };
}
