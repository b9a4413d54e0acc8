import type { Data, Json } from '../lines.ts';
import { iso, type Framework } from '../world.ts';

/** They let the router put more columns of their outbox into headers. */
const WITH_CORRELATION = new Set(['order-service', 'payment-service', 'storefront', 'identity']);
const EXPANDED = new Set(['inventory-service', 'order-service', 'billing-service']);

/** Debezium's outbox event router on Postgres; one service's rows are captured as they are, with their transaction. */
export const debeziumOutbox: Framework = {
  wrap(out, world) {
    const id = world.rng.uuid();
    const correlation =
      out.handled?.meta['correlation'] ?? (out.handled ? undefined : world.correlation(world.rng.uuid()));
    if (correlation && WITH_CORRELATION.has(out.service)) out.meta['correlation'] = correlation;
    out.meta['id'] = id;
    const at = Math.floor(world.clock(out.service, out.at));
    if (out.service === 'loyalty-service' || out.service === 'crm-sync') return captured(id, at);
    const aggregate = out.domain.replace(/s$/, '');
    const correlated = out.meta['correlation'];
    return {
      place: { system: 'kafka', channel: `outbox.event.${aggregate}` },
      key: out.key,
      headers: {
        id,
        eventType: out.type,
        ...(correlated && { correlation_id: correlated }),
        ...(out.service === 'mailer' && { correlation_id: 'N/A' }),
      },
      // A jsonb column is a string, unless the router expands it.
      ...(EXPANDED.has(out.service)
        ? { payload: out.data }
        : { payloadText: JSON.stringify(JSON.stringify({ ...out.data, occurredAt: iso(at) })) }),
    };

    /** A table's change as Debezium writes it without the router. */
    function captured(row: string, ms: number) {
      const after: Record<string, Json | undefined> = {
        id: row,
        type: out.type,
        payload: JSON.stringify(out.data),
      };
      const lsn = 24_023_128 + world.count('lsn') * 56;
      const payload: Data = {
        before: null,
        after,
        source: {
          version: '3.0.0.Final',
          connector: 'postgresql',
          name: 'shopdb',
          ts_ms: ms,
          schema: 'public',
          table: 'events',
          txId: 571 + world.count('tx'),
          lsn,
        },
        transaction: null,
        op: 'c',
        ts_ms: ms + 180,
      };
      return {
        place: { system: 'kafka', channel: 'shopdb.public.events' } as const,
        key: JSON.stringify({ id: row }),
        payload,
      };
    }
  },
};
