import { HOUR, type Handling, type MessageType, type Story } from '../story.ts';

const of = (domain: string, key: string): MessageType => ({ domain, kind: 'event', key });

/** Transfers between a few accounts, whose streams hold the events of all of them. */
export const transfers: Story = {
  types: {
    TransferRequested: of('transfers', 'transferId'),
    LimitChecked: of('limits', 'accountId'),
    AccountDebited: of('accounts', 'accountId'),
    DebitRefused: of('accounts', 'accountId'),
    FeeCharged: of('accounts', 'accountId'),
    AccountCredited: of('accounts', 'accountId'),
    DebitReversed: of('accounts', 'accountId'),
    TransferCompleted: of('transfers', 'transferId'),
    TransferFailed: of('transfers', 'transferId'),
    ValueDateReached: of('transfers', 'transferId'),
  },
  begin({ flow, rng, send }) {
    const from = rng.int(1, 12);
    Object.assign(flow.ids, {
      transferId: rng.uuid(),
      from: `acc-${String(from).padStart(4, '0')}`,
      to: `acc-${String(((from + rng.int(0, 10)) % 12) + 1).padStart(4, '0')}`,
    });
    const { transferId, from: debtor, to: creditor } = flow.ids;
    send('banking-api', 'TransferRequested', {
      transferId,
      debtor,
      creditor,
      amount: rng.int(1, 5000),
      currency: 'EUR',
    });
  },
  handlers: {
    TransferRequested: {
      limits: ({ flow, send }) =>
        send('LimitChecked', {
          accountId: flow.ids['from'],
          transferId: flow.ids['transferId'],
          remaining: 10_000,
        }),
    },
    LimitChecked: {
      accounts: ({ flow, rng, send }) => {
        const { from: accountId, transferId } = flow.ids;
        if (rng.chance(0.08)) return send('DebitRefused', { accountId, transferId, reason: 'BALANCE' });
        send('AccountDebited', { accountId, transferId, amount: rng.int(1, 5000) });
      },
    },
    DebitRefused: {
      transfers: ({ flow, send }) => send('TransferFailed', { transferId: flow.ids['transferId'] }),
    },
    AccountDebited: {
      accounts: ({ flow, rng, send }) => {
        const { from, to, transferId } = flow.ids;
        if (rng.chance(0.3)) send('FeeCharged', { accountId: from, transferId, amount: 1 });
        if (rng.chance(0.07)) send('DebitReversed', { accountId: from, transferId, reason: 'CLOSED' });
        else send('AccountCredited', { accountId: to, transferId });
      },
    },
    DebitReversed: {
      transfers: ({ flow, send }) => send('TransferFailed', { transferId: flow.ids['transferId'] }),
    },
    AccountCredited: { transfers: complete },
  },
};

function complete({ flow, rng, send }: Handling): void {
  const { transferId } = flow.ids;
  send('TransferCompleted', { transferId });
  send('ValueDateReached', { transferId }, { after: rng.int(6, 20) * HOUR });
}
