/** What goes wrong in the shop, as data: what Headwater has to find. */
export type StoryKind =
  | 'stuck'
  | 'poison'
  | 'lost-publish'
  | 'duplicates'
  | 'out-of-order'
  | 'slow-service'
  | 'retry'
  | 'waits-behind';

export interface Story {
  readonly kind: StoryKind;
  readonly service: string;
  /** What happens, in a sentence. */
  readonly says: string;
  /** Whether it strikes an order, by its index: 0 is the first. */
  readonly strikes: (index: number) => boolean;
}

/** Number of the first order. */
export const firstOrder = 12_300;
/** Orders after which the stories come again, and that are in the past when a reader arrives. */
export const round = 300;

/** Index of the order that is stuck: 12345. */
export const stuckAt = 45;
const behindEvery = 24;
const at =
  (...places: readonly number[]) =>
  (index: number) =>
    places.includes(index % round);

/** An order has one story at most: the first in this list that strikes it. */
export const stories: readonly Story[] = [
  {
    kind: 'stuck',
    service: 'shipping',
    says: 'is paid and picked; shipping-2 of the group dispatch was handed its ShipmentCreated and never acknowledged it',
    strikes: (index) => index === stuckAt,
  },
  {
    kind: 'poison',
    service: 'payments',
    says: 'its PaymentRequested has a new schema that fraud cannot read: it was rejected and dead-lettered',
    strikes: at(110),
  },
  {
    kind: 'lost-publish',
    service: 'inventory',
    says: 'inventory took its OrderPlaced and never published InventoryReserved: paid, and not shipped',
    strikes: at(152),
  },
  {
    kind: 'duplicates',
    service: 'storefront',
    says: 'its OrderPlaced was published twice with one id',
    strikes: at(30, 128, 233),
  },
  {
    kind: 'out-of-order',
    service: 'shipping',
    says: 'its ShipmentDispatched was published before its ShipmentCreated',
    strikes: at(87),
  },
  {
    kind: 'slow-service',
    service: 'fraud',
    says: 'fraud took seconds for it, where a fifth of a second is usual',
    strikes: (index) => index % round >= 196 && index % round < 208,
  },
  {
    kind: 'retry',
    service: 'fraud',
    says: 'fraud gave its PaymentRequested back once, and had it redelivered',
    strikes: at(255),
  },
  {
    kind: 'waits-behind',
    service: 'shipping',
    says: 'its ShipmentCreated was handed to shipping-2 too, and waits behind the one that is stuck',
    strikes: (index) => index > stuckAt && (index - stuckAt) % behindEvery === 0,
  },
];

/** Faults that can be switched on one by one; who waits behind the stuck order does so with it. */
export const faults = stories.map(({ kind }) => kind).filter((kind) => kind !== 'waits-behind');

/** What happens to an order, if anything. */
export function storyOf(index: number, on: ReadonlySet<StoryKind>): StoryKind | undefined {
  return stories.find(
    ({ kind, strikes }) => on.has(kind === 'waits-behind' ? 'stuck' : kind) && strikes(index),
  )?.kind;
}
