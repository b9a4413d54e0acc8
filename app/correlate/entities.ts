/**
 * What names of business entities are worth for joining, without configuration. Words are singular and lower case; the
 * last word of a name decides (`merchantAccountId` is an account's, `customerOrderId` an order's).
 *
 * Unknown entities join, because a name that ends in "Id" mostly is one flow's; they join below these, and caps and
 * conflicts (see join.ts) undo what turns out to be a hub.
 */

/** Things that are one flow from begin to end, the widest first: two different ones are never merged by anything else. */
export const processes: readonly string[] = [
  'order',
  'purchase',
  'trip',
  'journey',
  'ride',
  'claim',
  'loan',
  'application',
  'case',
  'incident',
  'contract',
  'checkout',
  'cart',
  'basket',
  'subscription',
  // What the others may have several of.
  'booking',
  'reservation',
  'quote',
  'policy',
  'ticket',
];

/** Parts of a flow: a flow may have several, so that two of them may well be in one trace. */
export const parts: ReadonlySet<string> = new Set([
  'payment',
  'charge',
  'refund',
  'transaction',
  'transfer',
  'authorization',
  'capture',
  'settlement',
  'payout',
  'invoice',
  'bill',
  'receipt',
  'shipment',
  'delivery',
  'parcel',
  'package',
  'consignment',
  'tracking',
  'fulfillment',
  'fulfilment',
  'allocation',
  'manifest',
  'return',
  'notification',
  'task',
  'job',
  'document',
  'request',
]);

/** Parties, things and places that many flows share: they list an event under the key and never join. */
export const shared: ReadonlySet<string> = new Set(
  (
    'customer user account tenant merchant store shop product sku item line variant article category brand catalog ' +
    'warehouse carrier region zone area country currency status state session device client vendor supplier seller buyer ' +
    'partner organization organisation org company department team branch location site address person member employee ' +
    'agent driver vehicle operator owner author creator actor role group plan type kind channel method template campaign ' +
    'language locale terminal machine host node instance server shard cluster environment app service api provider bank ' +
    'card wallet profile contact recipient sender patient doctor student course player flight airline airport station ' +
    'route depot courier bin shelf stop facility center centre office register tax discount coupon promotion promo voucher ' +
    'rate price asset feature cookie visitor consumer producer worker queue topic parent'
  ).split(' '),
);

/** Names that end in "Id" and say nothing of business: machinery, or ids that rules read by themselves. */
export const machinery: ReadonlySet<string> = new Set(
  'event message msg schema trace span thread pid partition offset sequence version correlation causation key build commit'.split(
    ' ',
  ),
);

/** Objects that only wrap: an `id` in them is not the id of what they are called. */
export const wrappers: ReadonlySet<string> = new Set(
  (
    'data payload body message content detail meta metadata header context envelope attribute property info object value ' +
    'before after result response record event error source target option setting extension field entity aggregate'
  ).split(' '),
);
