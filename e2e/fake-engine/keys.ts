import type { KeyGroupDto } from '../../app/contract/page.ts';

type NamedKey = KeyGroupDto['names'][number];
type Field = NamedKey['fields'][number];

const at = (name: string, path: string, verdict: Field['verdict'] = 'key', origin = 'payload'): Field => ({
  channel: { system: 'kafka', cluster: 'prod', name, kind: 'topic' },
  path,
  origin,
  verdict,
});

const named = (name: string, fields: Field[], rest: Partial<NamedKey> = {}): NamedKey => ({
  ...{ name, fields, sort: 'found', verdict: 'key', joins: 'all' },
  ...{ values: 4_380, tied: 4_210, recurring: 0, channels: new Set(fields.map((f) => f.channel.name)).size },
  examples: ['12345', '12399', '12402'],
  ...rest,
});

/** Keys as a shop has them: one under four names, one that is not sure, and two that many flows share. */
export function sampleKeys(): KeyGroupDto[] {
  return [
    {
      common: 1_204,
      names: [
        named('orderId', [at('orders', 'data.orderId'), at('payments', 'order_id')], { sort: 'trusted' }),
        named('key', [at('orders', 'key', 'key', 'message-key')], { sort: 'named', channels: 3 }),
        named('reference', [at('ledger', 'reference')], { sort: 'named', values: 1_240, tied: 1_204 }),
        named('aggregateId', [at('outbox', 'aggregateId')], { sort: 'named', values: 1_310, tied: 1_290 }),
      ],
    },
    {
      common: 0,
      names: [
        named('basisFor', [at('invoices', 'body.basis.for'), at('mail', 'context.basis_for')], {
          ...{ values: 318, tied: 302, channels: 2 },
          examples: ['5b44f29d-bda4-40de-9689-db7e4b958d51', '75e5f01b-b6b2-42fe-a737-21b39d66420e'],
        }),
      ],
    },
    {
      common: 0,
      names: [
        named('po', [at('purchasing', 'po', 'unsure')], {
          ...{ verdict: 'unsure', joins: 'random', values: 6, tied: 0, channels: 0 },
          examples: ['PO-20077', 'PO-20078'],
        }),
      ],
    },
    {
      common: 0,
      names: [
        named('for', [at('loyalty', 'for', 'unsure')], {
          ...{ verdict: 'unsure', joins: 'none', values: 48, tied: 44, channels: 2 },
          examples: ['1041', '1044'],
        }),
      ],
    },
    {
      common: 0,
      names: [
        named(
          'installation',
          [at('orders', 'installation', 'shared'), at('payments', 'installation', 'shared')],
          {
            ...{ verdict: 'shared', joins: 'none', values: 12, tied: 12, recurring: 12 },
            examples: ['b1946ac9-2492-4d23-87e0-6b1c5c0f4a11'],
          },
        ),
      ],
    },
    {
      common: 0,
      names: [
        named('customerId', [at('orders', 'data.customerId', 'shared')], {
          ...{
            sort: 'shared-by-name',
            verdict: 'shared',
            joins: 'none',
            values: 210,
            tied: 180,
            recurring: 160,
          },
          examples: ['C-65417', 'C-65420'],
        }),
      ],
    },
  ];
}

/** So many names that nobody reads them all. */
export function manyKeys(count: number): KeyGroupDto[] {
  return Array.from({ length: count }, (_, i) => ({
    common: 0,
    names: [
      named(`field${i}Id`, [at(`topic-${i % 40}`, `data.field${i}Id`)], {
        sort: 'named',
        values: 9,
        tied: 9,
      }),
    ],
  }));
}

/** What the user said, as the engine would carry it out. */
export function editKey(
  groups: readonly KeyGroupDto[],
  name: string,
  action: 'accept' | 'reject' | 'undo',
): KeyGroupDto[] {
  return groups.map((group) => ({
    ...group,
    names: group.names.map(({ said, ...key }) => {
      const before = said ? { ...key, said } : key;
      if (key.name !== name) return before;
      return action === 'undo' ? key : { ...key, said: action };
    }),
  }));
}
