import type { Framework } from '../world.ts';

/**
 * Every message carries its flow's correlation id and trace; a batch consumer starts nothing of its own, and hands on
 * what the first message of the batch brought, to all that comes of the batch.
 */
export const firstOfBatch: Framework = {
  wrap(out, world) {
    const first = (out.options.causes?.[0] ?? out.handled)?.meta;
    const correlation = first?.['correlation'] ?? world.correlation(world.rng.uuid());
    const trace = first?.['trace'] ?? world.rng.hex(32);
    Object.assign(out.meta, { correlation, trace });
    return {
      place: { system: 'kafka', channel: `${out.domain}.events` },
      key: out.key,
      headers: {
        'event-id': world.rng.uuid(),
        'event-type': out.type,
        'x-correlation-id': correlation,
        ...(out.service !== 'storefront' && { traceparent: `00-${trace}-${world.rng.hex(16)}-01` }),
      },
      payload: out.data,
    };
  },
};
