import { iso, type Framework } from '../world.ts';

/** Event streams by aggregate: a stream's events count up, and say in one place or another which transfer they are of. */
export const eventSourced: Framework = {
  wrap(out, world) {
    const { transferId, ...data } = out.data;
    const stream = out.domain === 'accounts' || out.domain === 'limits' ? 'account' : out.domain;
    const event = {
      type: out.type,
      stream: `${stream}-${out.key}`,
      version: world.count(`${stream} ${out.key}`),
      recordedAt: iso(world.clock(out.service, out.at)),
    };
    const place = { system: 'kafka', channel: `ledger.${out.domain}` } as const;
    if (out.domain === 'transfers') return { place, key: out.key, payload: { ...event, data: out.data } };
    if (out.type === 'FeeCharged') {
      return { place, key: out.key, payload: { ...event, data: { ...data, relatedTransfer: transferId } } };
    }
    if (out.domain === 'limits')
      return { place, key: out.key, payload: { ...event, data: { ...data, subject: transferId } } };
    return {
      place,
      key: out.key,
      payload: {
        ...event,
        data,
        ...(transferId !== undefined && { metadata: { business: { kind: 'TRANSFER', id: transferId } } }),
      },
    };
  },
};
