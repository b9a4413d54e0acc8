import type { Framework } from '../world.ts';

/**
 * BullMQ: the stream of each queue's events says which job, by a number that every queue counts for itself. What a job
 * holds is read from its hash when it was added.
 */
export const bullmq: Framework = {
  once: true,
  wrap(out, world) {
    if (out.domain !== 'jobs') {
      return {
        place: { system: 'redis', channel: 'audit', channelKind: 'stream' },
        payload: { type: out.type, ...out.data },
      };
    }
    const { queue = '', parent, prev, delay, job, attempt } = out.options.extra ?? {};
    const added = out.type === 'added';
    const id = job ?? (added ? String(world.count(`bull:${queue}`)) : out.handled?.meta['job']);
    out.meta['job'] = id ?? '';
    const hash = {
      name: queue,
      data: JSON.stringify(out.data),
      opts: JSON.stringify({
        attempts: 3,
        ...(delay && { delay: Number(delay) }),
        backoff: { type: 'fixed', delay: 1000 },
      }),
      timestamp: String(Math.floor(world.clock(out.service, out.at))),
      ...(parent && {
        parentKey: `bull:publish:${parent}`,
        parent: JSON.stringify({ id: parent, queueKey: 'bull:publish' }),
      }),
    };
    return {
      place: { system: 'redis', channel: `bull:${queue}:events`, channelKind: 'stream' },
      payload: {
        event: out.type,
        jobId: id,
        ...(added && hash),
        ...(prev && out.type !== 'completed' && !added && { prev }),
        ...(out.type === 'delayed' && { delay: String(Math.floor(out.at) + Number(delay)) }),
        ...(out.type === 'completed' && {
          returnvalue: attempt ? '{"retried":true}' : 'null',
          prev: 'active',
        }),
      },
    };
  },
};
