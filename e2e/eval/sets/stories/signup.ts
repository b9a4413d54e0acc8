import type { Kind } from '../sent.ts';
import { HOUR, type MessageType, type Story } from '../story.ts';

const of = (domain: string, kind: Kind = 'event', key = 'userId'): MessageType => ({ domain, kind, key });

/** A sign-up: followers at once, the end of the trial days later, an invoice and its payment. */
export const signup: Story = {
  types: {
    UserRegistered: of('users'),
    ContactCreated: of('crm', 'event', 'contactId'),
    WelcomeMailSent: of('mail'),
    WorkspaceProvisioned: of('workspaces', 'event', 'workspaceId'),
    TrialStarted: of('billing', 'event', 'subscriptionId'),
    TrialEnded: of('billing', 'event', 'subscriptionId'),
    InvoiceIssued: of('billing', 'event', 'invoiceId'),
    CollectPayment: of('payments', 'command', 'invoiceId'),
    PaymentCollected: of('payments', 'event', 'invoiceId'),
    PlanUpgraded: of('billing', 'event', 'subscriptionId'),
    ReceiptMailed: of('mail', 'event', 'invoiceId'),
  },
  begin({ flow, rng, send }) {
    const userId = (flow.ids['userId'] = rng.uuid());
    send('identity', 'UserRegistered', {
      userId,
      plan: 'TEAM',
      country: flow.country,
      email: `u${rng.hex(5)}@example.com`,
    });
  },
  handlers: {
    UserRegistered: {
      'crm-sync': ({ data, rng, send }) =>
        send('ContactCreated', { contactId: rng.uuid(), userId: data['userId'] ?? '' }),
      'mail-service': ({ data, send }) =>
        send('WelcomeMailSent', { userId: data['userId'] ?? '', template: 'welcome' }),
      provisioning: ({ data, flow, rng, send }) => {
        const workspaceId = (flow.ids['workspaceId'] = rng.uuid());
        send('WorkspaceProvisioned', { workspaceId, ownerId: data['userId'] ?? '' });
      },
    },
    WorkspaceProvisioned: {
      'billing-service': ({ data, flow, rng, send }) => {
        const subscriptionId = (flow.ids['subscriptionId'] = rng.uuid());
        send('TrialStarted', { subscriptionId, workspaceId: data['workspaceId'] ?? '', days: 14 });
      },
    },
    TrialStarted: {
      'billing-service': ({ data, rng, send }) =>
        send(
          'TrialEnded',
          { subscriptionId: data['subscriptionId'] ?? '' },
          { after: rng.int(3, 60) * HOUR },
        ),
    },
    TrialEnded: {
      'billing-service': ({ data, flow, rng, send }) => {
        const invoiceId = (flow.ids['invoiceId'] = rng.uuid());
        send('InvoiceIssued', { invoiceId, subscriptionId: data['subscriptionId'] ?? '', amount: 4900 });
      },
    },
    InvoiceIssued: {
      'billing-service': ({ data, send }) =>
        send('CollectPayment', { invoiceId: data['invoiceId'] ?? '', amount: 4900 }),
    },
    CollectPayment: {
      'payment-service': ({ data, fails, send }) => {
        if (fails(0.12, 'Issuer unavailable')) return;
        send('PaymentCollected', { invoiceId: data['invoiceId'] ?? '', method: 'CARD' });
      },
    },
    PaymentCollected: {
      'billing-service': ({ flow, send }) =>
        send('PlanUpgraded', { subscriptionId: flow.ids['subscriptionId'] ?? '', plan: 'TEAM' }),
      'mail-service': ({ data, send }) => send('ReceiptMailed', { invoiceId: data['invoiceId'] ?? '' }),
    },
  },
};
