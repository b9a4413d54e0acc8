import type { Delivery } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import type { Cell, Row, Table } from './parquet.ts';

/** Deliveries, a row each: `event` names one, or channel, partition and offsets name a half-open range. Times are epoch ms. */
export const deliveryTable: Table = {
  name: 'deliveries',
  columns: [
    ['event', 'VARCHAR'],
    ['system', 'VARCHAR'],
    ['cluster', 'VARCHAR'],
    ['channel', 'VARCHAR'],
    ['channel_kind', 'VARCHAR'],
    ['partition', 'DOUBLE'],
    ['from_offset', 'VARCHAR'],
    ['to_offset', 'VARCHAR'],
    ['consumer', 'VARCHAR'],
    ['via', 'VARCHAR'],
    ['status', 'VARCHAR'],
    ['evidence', 'VARCHAR'],
    ['time', 'DOUBLE'],
    ['after', 'DOUBLE'],
    ['before', 'DOUBLE'],
    ['count', 'DOUBLE'],
  ],
};

export function deliveryRow({ subject, ...delivery }: Delivery): Row {
  const range = 'event' in subject ? undefined : subject;
  const channel = range?.channel;
  return [
    'event' in subject ? subject.event : null,
    channel?.system ?? null,
    channel?.cluster ?? null,
    channel?.name ?? null,
    channel?.kind ?? null,
    range?.partition ?? null,
    range?.fromOffset ?? null,
    range?.toOffset ?? null,
    delivery.consumer,
    delivery.via ?? null,
    delivery.status,
    delivery.evidence,
    delivery.time ?? null,
    delivery.after ?? null,
    delivery.before ?? null,
    delivery.count ?? null,
  ];
}

export function rowDelivery(row: Row): Delivery {
  const [event, system, cluster, name, kind, partition, fromOffset, toOffset] = row;
  const [consumer, via, status, evidence, time, after, before, count] = row.slice(8);
  const subject =
    typeof event === 'string'
      ? { event }
      : {
          channel: { system, cluster, name, kind } as Channel,
          ...(typeof partition === 'number' && { partition }),
          fromOffset: String(fromOffset),
          toOffset: String(toOffset),
        };
  return {
    kind: 'delivery',
    subject,
    consumer: String(consumer),
    status: status as Delivery['status'],
    evidence: evidence as Delivery['evidence'],
    ...(typeof via === 'string' && { via }),
    ...number('time', time),
    ...number('after', after),
    ...number('before', before),
    ...number('count', count),
  };
}

function number<N extends string>(name: N, cell: Cell | undefined): Partial<Record<N, number>> {
  return typeof cell === 'number' ? ({ [name]: cell } as Record<N, number>) : {};
}
