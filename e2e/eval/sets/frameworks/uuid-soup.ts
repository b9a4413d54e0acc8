import type { Data } from '../lines.ts';
import { iso, type Framework } from '../world.ts';

/** How each service says who it is and whom it answers to: none says it twice in the same way. */
const habits: Readonly<Record<string, (ids: Ids) => Data>> = {
  'claims-portal': ({ own, root }) => ({ ref: own, externalRef: root }),
  'claims-service': ({ own, cause, root }) => ({ uid: own, parent: cause, dossier: root }),
  'policy-service': ({ own, cause }) => ({ guid: own, inResponseTo: cause }),
  'fraud-service': ({ own, cause }) => ({ meta: { trackingId: own, causation: cause } }),
  'payout-service': ({ own, cause, root }) => ({ ref: own, source: { ref: cause }, externalRef: root }),
  'letter-service': ({ root }) => ({ about: { case: root } }),
  'ledger-service': ({ own, cause }) => ({ entry: own, origin: cause }),
  storefront: ({ own, root }) => ({ messageRef: own, basket: root }),
  'order-service': ({ own, cause, root }) => ({ ref: own, parent: cause, basket: root }),
  'inventory-service': ({ own, cause }) => ({ requestRef: cause, resultRef: own }),
  'payment-service': ({ own, cause, root }) => ({ txn: { uid: own, prior: cause }, externalRef: root }),
  'shipping-service': ({ own, root }) => ({ label: own, consignment: { basket: root } }),
  mailer: ({ cause }) => ({ trigger: cause }),
  'loyalty-service': ({ own, cause }) => ({ ref: own, predecessor: cause }),
};

interface Ids {
  readonly own: string;
  readonly cause?: string;
  readonly root?: string;
}

/** UUIDs everywhere, under names that nobody else uses; one that all share, and an empty one. */
export const uuidSoup: Framework = {
  wrap(out, world) {
    const own = world.rng.uuid();
    const handled = out.handled?.meta;
    const root = handled?.['root'] ?? world.rng.uuid();
    Object.assign(out.meta, { own, root });
    const ids = habits[out.service]?.({ own, cause: handled?.['own'], root }) ?? { ref: own };
    // Business ids are the story's own, and left out where the habit is to refer.
    const { orderId: _order, claimId: _claim, ...data } = out.data;
    const shared = {
      installation: 'b1946ac9-2492-4d23-87e0-6b1c5c0f4a11',
      ...(out.service === 'order-service' && { parentBatch: '00000000-0000-0000-0000-000000000000' }),
      sentAt: iso(world.clock(out.service, out.at)),
    };
    const payload = { what: out.type, ...ids, ...shared, body: data };
    return out.domain === 'letters' || out.domain === 'notifications' || out.domain === 'fraud'
      ? {
          place: { system: 'rabbitmq', channel: out.domain, channelKind: 'exchange' },
          routingKey: out.type,
          payload,
        }
      : { place: { system: 'kafka', channel: out.domain }, key: root, payload };
  },
};
