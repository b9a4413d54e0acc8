import type { Framework } from '../world.ts';

/** Nothing but the event: its type and its fields, on a topic of its kind of object, keyed by the object. */
export const eventsOnly: Framework = {
  wrap: (out, world) => ({
    place: { system: 'kafka', channel: out.domain },
    key: out.key,
    headers: {
      'x-correlation-id': out.service === 'carrier' ? 'N/A' : 'unknown',
      'x-region': 'eu-central-1',
    },
    payload: { eventType: out.type, version: 1, sequence: world.count(out.service), ...out.data },
  }),
};
