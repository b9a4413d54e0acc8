import type { SeededIds } from '../ids.ts';

/** What somebody bought. */
export interface Cart {
  readonly customerId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly price: number }[];
  readonly total: number;
}

/** How many customers there are: few enough that they come back. */
export const CUSTOMERS = 40;

const SKUS = ['kettle', 'lamp', 'desk', 'chair', 'rug', 'clock', 'vase', 'mirror'] as const;

/** The cart of an order, the same for the same seed. */
export function cartOf(ids: SeededIds, orderId: string): Cart {
  const items = Array.from({ length: 1 + ids.below(3, 'items', orderId) }, (_, line) => ({
    sku: `${SKUS[ids.below(SKUS.length, 'sku', orderId, line)]}-${1 + ids.below(20, 'variant', orderId, line)}`,
    quantity: 1 + ids.below(3, 'quantity', orderId, line),
    price: 5 + ids.below(20_000, 'price', orderId, line) / 100,
  }));
  const total = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  return {
    customerId: customerId(ids.below(CUSTOMERS, 'customer', orderId)),
    items,
    total: Math.round(total * 100) / 100,
  };
}

/** The id of a customer by number. */
export function customerId(number: number): string {
  return `cust-${String(number + 1).padStart(3, '0')}`;
}
