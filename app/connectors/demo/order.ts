import { createRandom } from './random.ts';
import { customerId, customers } from './shop.ts';
import { firstOrder } from './stories.ts';

/** Everything that chance decides of an order, drawn at once, so that no story changes what another draws. */
export interface Order {
  readonly index: number;
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly price: number }[];
  readonly total: number;
  readonly paymentId: string;
  readonly correlationId: string;
  readonly score: number;
  readonly tracking: string;
  /** Of inventory's trace context: trace id, and a span for each of its two events. */
  readonly trace: readonly [trace: string, reserved: string, picked: string];
  readonly ids: Readonly<
    Record<
      | 'placed'
      | 'requested'
      | 'checked'
      | 'authorized'
      | 'withdrawn'
      | 'deposited'
      | 'receipt'
      | 'shipped'
      | 'completed',
      string
    >
  >;
  /** How long each step takes, ms. */
  readonly takes: Readonly<
    Record<
      | 'request'
      | 'check'
      | 'slowCheck'
      | 'authorize'
      | 'withdraw'
      | 'deposit'
      | 'receipt'
      | 'reserve'
      | 'pick'
      | 'create'
      | 'dispatch'
      | 'shipped'
      | 'complete',
      number
    >
  >;
}

const skus = ['kettle', 'lamp', 'desk', 'chair', 'rug', 'clock', 'vase', 'mirror'] as const;
const purpose = 1;

export function drawOrder(seed: number, index: number): Order {
  const random = createRandom(seed, purpose, index);
  const { between, below, uuid, hex } = random;
  const items = Array.from({ length: between(1, 3) }, () => ({
    sku: `${skus[below(skus.length)]}-${between(1, 20)}`,
    quantity: between(1, 3),
    price: between(500, 20_499) / 100,
  }));
  const cents = items.reduce((sum, { quantity, price }) => sum + quantity * Math.round(price * 100), 0);
  return {
    index,
    orderId: String(firstOrder + index),
    customerId: customerId(below(customers)),
    items,
    total: cents / 100,
    paymentId: `pay-${hex(10)}`,
    correlationId: uuid(),
    score: below(60) + (cents > 40_000 ? 10 : 0),
    tracking: hex(12).toUpperCase(),
    trace: [hex(32), hex(16), hex(16)],
    ids: {
      placed: uuid(),
      requested: uuid(),
      checked: uuid(),
      authorized: uuid(),
      withdrawn: uuid(),
      deposited: uuid(),
      receipt: uuid(),
      shipped: uuid(),
      completed: uuid(),
    },
    takes: {
      request: between(15, 55),
      check: between(90, 380),
      slowCheck: between(4_200, 7_800),
      authorize: between(15, 45),
      withdraw: between(20, 60),
      deposit: between(3, 10),
      receipt: between(10, 60),
      reserve: between(40, 140),
      pick: between(400, 2_400),
      create: between(15, 50),
      dispatch: between(700, 2_600),
      shipped: between(10, 50),
      complete: between(15, 50),
    },
  };
}
