import type { Flow } from './flow.ts';
import { ledgerRecord, streamEntry, traced } from './habits.ts';
import type { Publication } from './publication.ts';
import { createRandom } from './random.ts';
import { countEvery, customerId, customers, manifestEvery, merchant } from './shop.ts';

/** What belongs to no order alone: batches that name many, and accounts that many orders move money on. */

const purposes = { account: 2, count: 3 };
const batchAfter = 300;

/** Opens all accounts, one after the other. */
export function openAccounts(seed: number, start: number): Publication[] {
  const accounts = [merchant, ...Array.from({ length: customers }, (_, n) => `acc-${customerId(n)}`)];
  return accounts.map((accountId, number) => {
    const at = start + number * 5;
    return {
      ref: `${accountId}/opened`,
      at,
      service: 'ledger',
      type: 'AccountCreated',
      to: 'ledger',
      about: { accountId },
      causes: [],
      content: ledgerRecord(
        'AccountCreated',
        createRandom(seed, purposes.account, number).uuid(),
        accountId,
        at,
        { currency: 'EUR' },
      ),
    };
  });
}

/** An order of a batch. */
interface Batched {
  readonly orderId: string;
  readonly placedAt: number;
  readonly flow: Flow;
}

/** The batches that are closed by the order of this index. `orderOf` gives the orders before it. */
export function closeBatches(
  seed: number,
  index: number,
  orderOf: (index: number) => Batched,
): Publication[] {
  const batch = (size: number): Batched[] =>
    (index + 1) % size === 0 ? Array.from({ length: size }, (_, n) => orderOf(index + 1 - size + n)) : [];
  // Not before the last was placed, whatever became of it: until then nobody knows of the batch.
  const { placedAt } = orderOf(index);
  const closedAt = (times: readonly (number | undefined)[]): number =>
    Math.max(placedAt, ...times.map((time) => time ?? 0)) + batchAfter;
  const closed: Publication[] = [];

  const dispatched = batch(manifestEvery).filter(({ flow }) => flow.dispatchedAt !== undefined);
  if (dispatched.length > 0) {
    const orderIds = dispatched.map(({ orderId }) => orderId);
    closed.push({
      ref: `manifest/${index}`,
      at: closedAt(dispatched.map(({ flow }) => flow.dispatchedAt)),
      service: 'shipping',
      type: 'ShipmentManifest',
      to: 'shipments',
      about: { orderIds },
      causes: orderIds.map((orderId) => `${orderId}/dispatched`),
      content: streamEntry('ShipmentManifest', { orderIds, carrier: 'northpost' }),
      handled: { dispatch: { consumer: 'shipping-1' } },
    });
  }
  const picked = batch(countEvery).filter(({ flow }) => flow.pickedAt !== undefined);
  if (picked.length > 0) {
    const orderIds = picked.map(({ orderId }) => orderId);
    const { hex } = createRandom(seed, purposes.count, index);
    closed.push({
      ref: `count/${index}`,
      at: closedAt(picked.map(({ flow }) => flow.pickedAt)),
      service: 'inventory',
      type: 'StockReconciled',
      to: 'inventory',
      about: { orderIds },
      causes: orderIds.map((orderId) => `${orderId}/picked`),
      content: traced('StockReconciled', 'berlin', [hex(32), hex(16)], { warehouse: 'berlin', orderIds }),
    });
  }
  return closed;
}
