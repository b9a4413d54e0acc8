import type { ClientName, Coverage, Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import type { Checkpoint } from '../model/source.ts';
import { addMark } from './coverage-marks.ts';

/** A row of the tables `checkpoint`, `coverage` and `topology`: a connection, and JSON. */
export type LedgerRow = readonly [connection: string, body: string];
export type LedgerTable = 'checkpoint' | 'coverage' | 'topology';

/**
 * What is known of connections beside their events: positions reached, coverage, and wiring. Small, so it is held in
 * memory; each change is a row in the segment that grows, and each new segment begins with all of it, so that dropping
 * old segments loses nothing of it.
 */
export interface Ledger {
  checkpoint(connection: string, checkpoint: Checkpoint): void;
  coverage(connection: string, coverage: Coverage): void;
  topology(connection: string, topology: Topology): void;
  checkpoints(connection: string): readonly Checkpoint[];
  coverages(connection?: string): readonly { readonly connection: string; readonly coverage: Coverage }[];
  topologies(): ReadonlyMap<string, Topology>;
  /** What a client is called, if that became known after events of its had been recorded. */
  clientName(connection: string, client: string, observedAt: number): string | undefined;
  /** Whether this wiring says more than the last one did, times and lags apart. */
  rewired(connection: string, topology: Topology): boolean;
  /** All of it, for a new segment. */
  snapshot(table: LedgerTable): LedgerRow[];
  /** Takes a row that was read back. */
  restore(table: LedgerTable, row: LedgerRow): void;
}

/** Names of clients that are kept for each connection; the oldest go first. */
const clientsKept = 2_000;
/** A name is told within seconds of the first event, ms. */
const lateMs = 30_000;

const clientKey = ({ client, at }: ClientName) => `${client}\0${at}`;

export function createLedger(): Ledger {
  const positions = new Map<string, Map<string, Checkpoint>>();
  const marks = new Map<string, { connection: string; marks: Coverage[] }>();
  const wiring = new Map<string, Topology>();
  const named = new Map<string, ReadonlyMap<string, readonly ClientName[]>>();

  const ledger: Ledger = {
    checkpoint(connection, checkpoint) {
      let own = positions.get(connection);
      if (!own) positions.set(connection, (own = new Map<string, Checkpoint>()));
      own.set(partKey(checkpoint.channel, checkpoint.partition), checkpoint);
    },
    coverage(connection, coverage) {
      const key = `${connection}\0${partKey(coverage.channel, coverage.partition)}`;
      let own = marks.get(key);
      if (!own) marks.set(key, (own = { connection, marks: [] }));
      addMark(own.marks, coverage);
    },
    topology(connection, topology) {
      const before = wiring.get(connection)?.clients ?? [];
      const all = new Map([...before, ...(topology.clients ?? [])].map((c) => [clientKey(c), c]));
      const clients = [...all.values()].slice(-clientsKept);
      named.set(
        connection,
        Map.groupBy(clients, (c) => c.client),
      );
      wiring.set(connection, clients.length > 0 ? { ...topology, clients } : topology);
    },
    clientName: (connection, client, observedAt) =>
      named
        .get(connection)
        ?.get(client)
        ?.find(({ at }) => observedAt <= at && observedAt > at - lateMs)?.name,
    checkpoints: (connection) => [...(positions.get(connection)?.values() ?? [])],
    coverages: (connection) =>
      [...marks.values()]
        .filter((entry) => connection === undefined || entry.connection === connection)
        .flatMap((entry) => entry.marks.map((coverage) => ({ connection: entry.connection, coverage }))),
    topologies: () => new Map(wiring),
    rewired(connection, topology) {
      const known = wiring.get(connection);
      if (!known || structure(known) !== structure(topology)) return true;
      const own = new Set(known.clients?.map(clientKey));
      return topology.clients?.some((c) => !own.has(clientKey(c))) ?? false;
    },
    snapshot(table) {
      switch (table) {
        case 'checkpoint':
          return [...positions].flatMap(([connection, own]) =>
            [...own.values()].map((c) => [connection, JSON.stringify(c)] as const),
          );
        case 'coverage':
          return ledger.coverages().map((c) => [c.connection, JSON.stringify(c.coverage)] as const);
        case 'topology':
          return [...wiring].map(([connection, topology]) => [connection, JSON.stringify(topology)] as const);
      }
    },
    restore(table, [connection, body]) {
      switch (table) {
        case 'checkpoint':
          ledger.checkpoint(connection, JSON.parse(body) as Checkpoint);
          break;
        case 'coverage':
          ledger.coverage(connection, JSON.parse(body) as Coverage);
          break;
        case 'topology':
          ledger.topology(connection, JSON.parse(body) as Topology);
          break;
      }
    },
  };
  return ledger;
}

function partKey({ system, cluster, name, kind }: Channel, partition: number | undefined): string {
  return `${system}\0${cluster}\0${name}\0${kind}\0${partition ?? ''}`;
}

/** The wiring without what changes by the minute: a topology is written when this changes, not at each look. */
function structure(topology: Topology): string {
  const subscriptions = topology.subscriptions.map(({ channel, consumer }) => [channel, consumer]);
  return JSON.stringify([topology.channels, subscriptions, topology.bindings]);
}
