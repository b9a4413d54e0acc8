import { bigEndian } from '../lines.ts';
import type { Framework } from '../world.ts';

/**
 * Axon's Kafka extension: events only, on one topic, keyed by their aggregate. Commands stay on the command bus, so the
 * direct cause of what an aggregate applies is often the id of a command that no broker has seen.
 */
export function axon(version: 4 | 5): Framework {
  const names =
    version === 4
      ? { root: 'traceId', cause: 'correlationId' }
      : { root: 'correlationId', cause: 'causationId' };
  return {
    wrap(out, world) {
      const id = world.rng.uuid();
      const handled = out.handled?.meta;
      const root = handled ? (handled['root'] ?? handled['id']) : undefined;
      // What begins a flow is applied by an aggregate that handles a command: that is its origin.
      const command = world.rng.uuid();
      Object.assign(out.meta, { id, root: root ?? world.correlation(command) });
      if (out.kind === 'command' || out.kind === 'request') return undefined;
      const aggregate = out.key;
      const java = `com.example.${out.domain}.api.${out.type}`;
      return {
        place: { system: 'kafka', channel: 'Axon.Events', partitions: 4 },
        key: aggregate,
        headers: {
          [`axon-metadata-${names.root}`]: out.meta['root'] ?? '',
          [`axon-metadata-${names.cause}`]: handled?.['id'] ?? command,
          'axon-metadata-tenant': 'acme',
          'axon-message-id': id,
          'axon-message-aggregate-seq': bigEndian(world.count(`aggregate ${aggregate}`) - 1, 8),
          'axon-message-timestamp': bigEndian(Math.floor(world.clock(out.service, out.at)), 8),
          'axon-message-aggregate-type': out.domain.replace(/s$/, ''),
          'axon-message-type': version === 4 ? java : `${out.domain}.${out.type}`,
          'axon-message-revision': version === 4 ? '' : '1.0.0',
          'axon-message-aggregate-id': aggregate,
        },
        payload: out.data,
      };
    },
  };
}
