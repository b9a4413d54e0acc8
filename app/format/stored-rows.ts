import type { Delivery } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { DeliveryPage, TraceStore } from '../store/trace-store.ts';
import { deliveryRow } from './delivery-rows.ts';
import { eventRow } from './message-rows.ts';
import type { Row } from './parquet.ts';

/** Rows asked of the store at once. */
const pageRows = 2_000;

const same = <T>(value: T): T => value;

/** Every event of a store with a number below `until` as a row of `eventTable`, in order of recording. */
export async function* eventRows(
  store: Pick<TraceStore, 'exportEventsAfter'>,
  until = Infinity,
  as: (event: Event) => Event = same,
): AsyncIterable<readonly Row[]> {
  for (let after = 0; ;) {
    const events = await store.exportEventsAfter(after, pageRows);
    const last = events.at(-1);
    if (!last) return;
    yield events.filter(({ seq }) => seq < until).map((event) => eventRow(as(event)));
    if (last.seq >= until) return;
    after = last.seq;
  }
}

/** Every delivery of a store as a row of `deliveryTable`, in order of store. */
export async function* deliveryRows(
  store: Pick<TraceStore, 'exportDeliveriesAfter'>,
  as: (delivery: Delivery) => Delivery = same,
): AsyncIterable<readonly Row[]> {
  for (let cursor: number | undefined = 0; cursor !== undefined;) {
    const page: DeliveryPage = await store.exportDeliveriesAfter(cursor, pageRows);
    yield page.rows.map(({ delivery }) => deliveryRow(as(delivery)));
    cursor = page.next;
  }
}
