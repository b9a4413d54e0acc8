import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventKey, type Identity } from './kit/identity.ts';
import type { LogEntry, Subject } from './kit/log.ts';

/** An event as the service knows it that sent it. */
export interface TruthEvent extends Identity, Subject {
  /** Its position's name (`kafka/default/orders/3/1042`), or system/cluster/channel/message id without one. */
  readonly id: string;
  readonly service: string;
  readonly at: string;
}

/** That a service handled an event, by a group or queue. */
export interface TruthDelivery {
  readonly event: string;
  readonly service: string;
  readonly consumer: string;
  readonly at: string;
}

/** A fault that struck on purpose. `event` is the one struck, or the one whose effect is missing. */
export interface TruthFault extends Subject {
  readonly fault: string;
  readonly event: string;
  readonly service: string;
  readonly at: string;
}

/** All that the services' logs say. */
export interface Truth {
  readonly events: readonly TruthEvent[];
  /** Each order's own events, without batches that name many orders and accounts that it shares. */
  readonly orders: ReadonlyMap<string, readonly string[]>;
  /** Direct causes and effects. */
  readonly links: readonly (readonly [cause: string, effect: string])[];
  readonly deliveries: readonly TruthDelivery[];
  readonly faults: readonly TruthFault[];
}

/** Reads all services' logs of a run; `cluster` is the name that the store gives to the brokers. */
export function readTruth(logDir: string, cluster = 'default'): Truth {
  const events = new Map<string, TruthEvent>();
  const links: [string, string][] = [];
  const deliveries: TruthDelivery[] = [];
  const faults: TruthFault[] = [];
  for (const entry of readEntries(logDir)) {
    const id = eventKey(entry, cluster);
    const { action, service, at, consumer = '', causedBy = [], fault = '', eventKey: _key, ...event } = entry;
    if (action === 'handled') deliveries.push({ event: id, service, consumer, at });
    else if (action === 'fault') faults.push({ fault, event: id, service, at, ...subjectOf(event) });
    else if (!events.has(id)) {
      events.set(id, { id, service, at, ...event });
      links.push(...causedBy.map((cause): [string, string] => [eventKey(cause, cluster), id]));
    }
  }
  const sorted = [...events.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { events: sorted, orders: byOrder(sorted), links, deliveries, faults };
}

function byOrder(events: readonly TruthEvent[]): Map<string, string[]> {
  const orders = new Map<string, string[]>();
  for (const { id, orderId } of events) {
    if (orderId !== undefined) orders.set(orderId, [...(orders.get(orderId) ?? []), id]);
  }
  return orders;
}

function subjectOf({ type, orderId, orderIds, accountId }: Subject): Subject {
  return {
    type,
    ...(orderId && { orderId }),
    ...(orderIds && { orderIds }),
    ...(accountId && { accountId }),
  };
}

function readEntries(logDir: string): LogEntry[] {
  return readdirSync(logDir)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(join(logDir, name), 'utf8').split('\n'))
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as LogEntry];
      } catch {
        // A service that is killed may leave its last line unfinished.
        return [];
      }
    });
}
