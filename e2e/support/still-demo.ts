import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { startHeadwater, type Headwater } from './headwater.ts';

/** The moment that the demo takes for now: all of its history is before it. */
const playedAt = '2026-03-01T10:00:00Z';

/** When its pictures are looked at: what was under way has come to its end, or is stuck. */
export const lookedAt = new Date('2026-03-01T10:01:00Z');

/** The live demo, played to its end, the same each time. */
export interface StillDemo {
  readonly headwater: Headwater;
  /** Addresses in the page. */
  readonly trace: string;
  readonly shipment: string;
  end(): Promise<void>;
}

/** Starts a Headwater with the demo, and waits until nothing in it moves any more. */
export async function startStillDemo(): Promise<StillDemo> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-e2e-'));
  const headwater = await startHeadwater(['--data', dir, '--port', '0']);
  const { client } = headwater;
  const end = async (): Promise<void> => {
    await headwater.stop();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  await client.connections.add({
    name: 'Live demo',
    url: `demo://?seed=1&rate=0&at=${playedAt}`,
    channels: 'all',
    from: 'earliest',
  });
  await eventually(
    'nothing moves any more',
    () => client.topology(),
    ({ channels, edges }) =>
      channels.some(({ events }) => events > 0) &&
      channels.every(({ rate }) => rate === 0) &&
      edges.every(({ rate = 0 }) => rate === 0),
    { withinMs: 120_000, everyMs: 500 },
  );
  const found = await client.traces.list({ query: 'orderId=12345', limit: 1, offset: 0 });
  const trace = found.rows[0]?.id ?? '';
  const events = await client.events.list({ query: 'orderId=12345 type:ShipmentCreated', limit: 1 });
  return { headwater, trace, shipment: events.rows[0]?.id ?? '', end };
}
