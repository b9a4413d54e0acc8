import type { Kind } from '../sent.ts';
import { HOUR, type Handling, type MessageType, type Story } from '../story.ts';

const of = (domain: string, kind: Kind = 'event', key = 'claimId'): MessageType => ({ domain, kind, key });

/** An insurance claim: two requests with replies, an assessment that needs both, a payout on a later day. */
export const claims: Story = {
  types: {
    ClaimSubmitted: of('claims'),
    GetPolicy: of('policies', 'request', 'policyNumber'),
    PolicyFound: of('policies', 'reply', 'policyNumber'),
    CheckFraud: of('fraud', 'request'),
    FraudChecked: of('fraud', 'reply'),
    ClaimApproved: of('claims'),
    ClaimRejected: of('claims'),
    SchedulePayout: of('payouts', 'command'),
    PayoutScheduled: of('payouts', 'event', 'payoutId'),
    PayoutDue: of('payouts', 'command', 'payoutId'),
    PayoutExecuted: of('payouts', 'event', 'payoutId'),
    LedgerEntryBooked: of('ledger', 'event', 'entryId'),
    ClaimClosed: of('claims'),
    LetterSent: of('letters'),
  },
  begin({ flow, rng, send }) {
    const claimId = (flow.ids['claimId'] = rng.uuid());
    // A policy is a customer's, and has other claims.
    const policyNumber = (flow.ids['policyNumber'] = `POL-${flow.customer.slice(2)}`);
    send('claims-portal', 'ClaimSubmitted', {
      claimId,
      policyNumber,
      category: rng.pick(['WATER', 'FIRE', 'THEFT']),
      amount: rng.int(100, 9000),
    });
  },
  handlers: {
    ClaimSubmitted: {
      'claims-service': ({ data, send }) => {
        const { claimId = '', policyNumber = '', amount = 0 } = data;
        send('GetPolicy', { policyNumber }, { to: 'policy-service' });
        send('CheckFraud', { claimId, amount }, { to: 'fraud-service' });
      },
    },
    GetPolicy: {
      'policy-service': ({ data, rng, send }) =>
        send(
          'PolicyFound',
          { policyNumber: data['policyNumber'] ?? '', active: true, deductible: rng.pick([0, 150, 500]) },
          { to: 'claims-service' },
        ),
    },
    CheckFraud: {
      'fraud-service': ({ data, fails, rng, send }) => {
        if (fails(0.1, 'Model not loaded')) return;
        send(
          'FraudChecked',
          { claimId: data['claimId'] ?? '', score: rng.int(0, 99) },
          { to: 'claims-service' },
        );
      },
    },
    PolicyFound: { 'claims-service': assess },
    FraudChecked: { 'claims-service': assess },
    ClaimApproved: {
      'claims-service': ({ data, send }) =>
        send('SchedulePayout', { claimId: data['claimId'] ?? '', iban: 'DE02…' }),
      'letter-service': ({ data, send }) =>
        send('LetterSent', { claimId: data['claimId'] ?? '', kind: 'APPROVAL' }),
    },
    ClaimRejected: {
      'letter-service': ({ data, send }) =>
        send('LetterSent', { claimId: data['claimId'] ?? '', kind: 'REJECTION' }),
    },
    SchedulePayout: {
      'payout-service': ({ data, flow, fails, rng, send }) => {
        if (fails(0.06, 'Bank calendar unavailable')) return;
        const payoutId = (flow.ids['payoutId'] = rng.uuid());
        send('PayoutScheduled', { payoutId, claimId: data['claimId'] ?? '' });
      },
    },
    PayoutScheduled: {
      'payout-service': ({ data, rng, send }) =>
        send(
          'PayoutDue',
          { payoutId: data['payoutId'] ?? '' },
          { after: rng.int(4, 40) * HOUR, to: 'payout-service' },
        ),
    },
    PayoutDue: {
      'payout-service': ({ data, rng, send }) =>
        send('PayoutExecuted', { payoutId: data['payoutId'] ?? '', bankReference: rng.code(12) }),
    },
    PayoutExecuted: {
      'ledger-service': ({ data, rng, send }) =>
        send('LedgerEntryBooked', { entryId: rng.uuid(), account: '4711', source: data['payoutId'] ?? '' }),
      'claims-service': ({ flow, send }) =>
        send('ClaimClosed', { claimId: flow.ids['claimId'] ?? '', status: 'PAID' }),
    },
  },
};

function assess({ flow, rng, together, send }: Handling): void {
  const answers = together('answers', 2);
  if (!answers) return;
  const approved = rng.chance(0.75);
  const { claimId = '' } = flow.ids;
  send(approved ? 'ClaimApproved' : 'ClaimRejected', { claimId, decidedBy: 'RULES' }, { causes: answers });
}
