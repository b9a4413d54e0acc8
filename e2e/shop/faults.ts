/** The faults that the shop can be run with. Each is something that really happens to systems like this one. */

type Scope = 'orders' | 'run';

interface FaultKind {
  /** The service that misbehaves. */
  readonly service: string;
  readonly description: string;
  /** Whether it strikes chosen orders, or the service as a whole. */
  readonly scope: Scope;
  /** How many of the orders it strikes unless told otherwise. */
  readonly fraction?: number;
  /** Further parameters, with what they are unless told otherwise. */
  readonly parameters?: Readonly<Record<string, string | number>>;
}

// prettier-ignore
const TABLE = {
  'payment-stuck':     { service: 'fraud',         scope: 'orders', description: 'takes the PaymentRequested and never acknowledges it' },
  'consumer-down':     { service: 'fraud',         scope: 'run',    description: 'is killed after a share of the orders; service=NAME for another', parameters: { service: 'fraud', after: 0.5 } },
  'poison':            { service: 'payments',      scope: 'orders', description: 'sends a PaymentRequested that is not JSON; fraud rejects it, and it is dead-lettered' },
  'lost-publish':      { service: 'inventory',     scope: 'orders', description: 'reserves, but its InventoryReserved is never published' },
  'unrouted':          { service: 'payments',      scope: 'orders', description: 'sends PaymentAuthorized with a mistyped routing key, which no queue is bound to' },
  'duplicates':        { service: 'storefront',    scope: 'orders', description: 'sends OrderPlaced twice, with one and the same id' },
  'out-of-order':      { service: 'shipping',      scope: 'orders', description: 'sends ShipmentDispatched before ShipmentCreated' },
  'schema-change':     { service: 'storefront',    scope: 'orders', description: 'sends OrderPlaced in a new shape that inventory cannot read' },
  'slow-service':      { service: 'fraud',         scope: 'orders', description: 'takes ms longer for each', fraction: 1, parameters: { ms: 1500 } },
  'stalled-partition': { service: 'inventory',     scope: 'run',    description: 'never reads one partition of orders', parameters: { partition: 0 } },
  'rebalance-loop':    { service: 'inventory',     scope: 'orders', description: 'takes so long that its group puts it out, and then gets the same message again', parameters: { ms: 8000 } },
  'offsets-rewound':   { service: 'inventory',     scope: 'run',    description: 'goes back by count offsets in each partition, after a share of the orders', parameters: { count: 10, after: 0.5 } },
  'offsets-skipped':   { service: 'inventory',     scope: 'run',    description: 'after a share of the orders stops for ms, then jumps to the end of each partition', parameters: { ms: 1500, after: 0.5 } },
  'open-transaction':  { service: 'ledger',        scope: 'orders', description: 'begins a transaction for the first of these and leaves it open: until the shop ends, and for ms (60000) at most', parameters: { ms: 60_000 } },
  'channel-closed':    { service: 'notifications', scope: 'orders', description: 'acknowledges the first of these twice, which closes its channel; the connection lives on' },
} as const satisfies Record<string, FaultKind>;

/** The name of a fault. */
export type FaultName = keyof typeof TABLE;

/** All faults by name. */
export const FAULTS: Readonly<Record<FaultName, FaultKind>> = TABLE;

/** A fault that is switched on. */
export interface Fault {
  readonly name: FaultName;
  /** The order struck, by its number within the run (1 is the first) or its id; otherwise a fraction of all. */
  readonly order?: number;
  readonly fraction: number;
  readonly parameters: Readonly<Record<string, string | number>>;
}

const DEFAULT_FRACTION = 0.1;

/** Reads `NAME`, `NAME:0.2`, `NAME:order=17` or `NAME:fraction=0.2,ms=500`; throws with what is wrong. */
export function parseFault(text: string): Fault {
  const [name = '', rest = ''] = text.split(/:(.*)/s);
  if (!isFaultName(name)) {
    throw new Error(`There is no fault "${name}". There are: ${Object.keys(FAULTS).join(', ')}.`);
  }
  const kind = FAULTS[name];
  let order: number | undefined;
  let fraction = kind.fraction ?? DEFAULT_FRACTION;
  const parameters: Record<string, string | number> = { ...kind.parameters };
  for (const part of rest.split(',').filter(Boolean)) {
    const [key = '', value] = part.includes('=') ? part.split('=') : ['fraction', part];
    if (key === 'order') order = number(name, key, value);
    else if (key === 'fraction') fraction = number(name, key, value);
    else if (kind.parameters && key in kind.parameters) {
      parameters[key] = typeof kind.parameters[key] === 'number' ? number(name, key, value) : (value ?? '');
    } else throw new Error(`The fault ${name} has no parameter "${key}".`);
  }
  if (!(fraction > 0 && fraction <= 1))
    throw new Error(`The fraction of ${name} must be above 0 and at most 1.`);
  return { name, ...(order !== undefined && { order }), fraction, parameters };
}

/** Whether a fault strikes an order, told by its number within the run and its id. The same in every run. */
export function strikes(fault: Fault, index: number, orderId: string): boolean {
  if (fault.order !== undefined) return fault.order === index || String(fault.order) === orderId;
  const every = Math.round(1 / fault.fraction);
  return index % every === Math.ceil(every / 2) % every;
}

/** The table of faults, for people. */
export function faultTable(): string {
  return Object.entries(FAULTS)
    .map(([name, { service, description }]) => `  ${name.padEnd(18)} ${service.padEnd(14)} ${description}`)
    .join('\n');
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function number(fault: string, key: string, value: string | undefined): number {
  const parsed = Number(value);
  if (value === undefined || value === '' || !Number.isFinite(parsed)) {
    throw new Error(`The parameter ${key} of ${fault} must be a number, not "${value ?? ''}".`);
  }
  return parsed;
}
