import type { Delivery } from '../model/delivery.ts';

/** An event that a consumer was handed and has not acknowledged, as far as deliveries say. */
export interface InHand {
  readonly consumer: string;
  /** When it was handed out last, epoch ms. */
  readonly since: number;
}

/**
 * Who of those that an event was handed to is known not to be done with it. Only what says so counts: a pending-entries
 * list, or a delivery that is called pending. That RabbitMQ or a span delivered something and says no more is no proof,
 * since acknowledgements are not seen there.
 */
export function inHandOf(deliveries: readonly Delivery[]): InHand[] {
  return [...Map.groupBy(deliveries, ({ consumer }) => consumer)].flatMap(([consumer, own]) => {
    const handed = own.filter(isInHand).map(timeOf);
    if (handed.length === 0) return [];
    const since = Math.max(...handed);
    const isDone = own.some((each) => endings.has(each.status) && timeOf(each) >= since);
    return isDone ? [] : [{ consumer, since }];
  });
}

const endings: ReadonlySet<Delivery['status']> = new Set(['acknowledged', 'rejected', 'dead-lettered']);

function isInHand({ status, evidence }: Delivery): boolean {
  return status === 'pending' || (evidence === 'pending-entries' && !endings.has(status));
}

/** Of an interval its end: what ended within it did so by then. */
function timeOf({ time, before, after }: Delivery): number {
  return time ?? before ?? after ?? 0;
}
