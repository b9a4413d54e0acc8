import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionName } from '../../model/message.ts';
import type { Told } from './cues.ts';
import { parseDemoUrl } from './options.ts';
import { createPlay, historyMs, newPlay, readPlayState, resumedPlay } from './play.ts';
import { truthOf } from './truth.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const items = (told: readonly Told[]) => told.map(({ item }) => item);
const messages = (told: readonly Told[]) => items(told).flatMap((m) => (m.kind === 'message' ? [m] : []));
const play = (url: string, at = now) => {
  const settings = parseDemoUrl(url);
  return createPlay(settings, newPlay(settings, at));
};
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

// Whole plays, several times over: on a busy machine that takes its time.
describe('a play', { timeout: 30_000 }, () => {
  it('is the same for the same seed, bit for bit, however it is cut', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 8 }), (seed, cuts) => {
        const whole = play(`demo://?seed=${seed}`).advance(now - historyMs + 120_000);
        const sliced = play(`demo://?seed=${seed}`);
        const ends = [
          ...cuts.map((cut) => now - historyMs + cut).sort((a, b) => a - b),
          now - historyMs + 120_000,
        ];
        const pieces = ends.flatMap((end) => items(sliced.advance(end)));
        expect(JSON.stringify(pieces)).toBe(JSON.stringify(items(whole)));
      }),
      { numRuns: 15 },
    );
  });

  it('goes on after its state was stored as if it had never stopped', () => {
    const goesOn = (seed: number, cut: number) => {
      const settings = parseDemoUrl(`demo://?seed=${seed}`);
      const stop = now - historyMs + cut;
      const unbroken = play(`demo://?seed=${seed}`);
      unbroken.advance(stop);
      const rest = items(unbroken.advance(stop + 40_000));
      const first = play(`demo://?seed=${seed}`);
      first.advance(stop);
      const state = readPlayState(JSON.stringify(first.state)) ?? first.state;
      const after = items(createPlay(settings, state).advance(stop + 40_000));
      expect(JSON.stringify(after)).toBe(JSON.stringify(rest));
    };
    fc.assert(fc.property(seeds, fc.integer({ min: -1, max: 150_000 }), goesOn), { numRuns: 25 });
    // Into the live part, with many under way.
    goesOn(1, historyMs + 7_003);
  });

  it('moves with its start: ids, keys and relative times stay', () => {
    const outline = (at: number) =>
      messages(play('demo://?seed=3', at).advance(at)).map(
        ({ time, key, routingKey, properties, channel, position }) => {
          const { timestamp: _, ...kept } = properties ?? {};
          const offset = channel.kind === 'stream' ? undefined : position?.offset;
          return [time - at, channel.name, position?.partition, offset, key, routingKey, kept];
        },
      );
    expect(outline(now + 86_400_123)).toEqual(outline(now));
  });

  it('differs with its seed', () => {
    const bodies = (seed: number) => {
      const told = messages(play(`demo://?seed=${seed}`).advance(now - historyMs + 60_000));
      return told.flatMap((m) =>
        typeof m.body === 'string' && m.body.includes('customerId') ? [m.body] : [],
      );
    };
    const other = new Set(bodies(2));
    expect(other.size).toBeGreaterThan(10);
    expect(bodies(1).filter((body) => other.has(body))).toEqual([]);
  });

  it('names each event once, and positions grow as on a broker', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const told = messages(play(`demo://?seed=${seed}&rate=20`).advance(now + 20_000));
        const names = told.map((m) => m.id ?? positionName(m.channel, m.position ?? {}));
        expect(new Set(names).size).toBe(names.length);
        const ends = new Map<string, number>();
        let last: readonly [number, number] = [0, 0];
        const wrong = told.filter(({ channel, position }) => {
          if (channel.kind === 'topic') {
            const part = `${channel.name}/${position?.partition}`;
            const end = ends.get(part) ?? 0;
            ends.set(part, end + 1);
            return position?.offset !== String(end);
          }
          if (channel.kind !== 'stream') return false;
          const [ms = 0, sequence = 0] = (position?.offset ?? '').split('-').map(Number);
          const grows = ms > last[0] ? sequence === 0 : ms === last[0] && sequence === last[1] + 1;
          last = [ms, sequence];
          return !grows;
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 2 },
    );
  });

  it('has about 300 orders in the past, and then as many a second as asked for', () => {
    const one = play('demo://?rate=4');
    const past = truthOf(one.advance(now), parseDemoUrl('demo://'));
    expect(past.orders.size).toBe(300);
    const live = truthOf(one.advance(now + 30_000), parseDemoUrl('demo://'));
    const placed = live.events.filter(({ type }) => type === 'OrderPlaced');
    expect(placed.length).toBeGreaterThan(115);
    expect(placed.length).toBeLessThan(125);
    expect(
      play('demo://?rate=0')
        .advance(now + 60_000)
        .filter(({ publication, at }) => publication && at > now + 15_000),
    ).toEqual([]);
  });
});

describe('the stories', () => {
  const settings = parseDemoUrl('demo://?seed=1');
  const told = play('demo://?seed=1').advance(now);
  const truth = truthOf(told, settings);
  const steps = (orderId: string) =>
    truth.events.filter((e) => e.orderId === orderId).map(({ type }) => type);
  const ordersOf = (kind: string) => truth.stories.find((story) => story.kind === kind)?.orders ?? [];
  const deliveriesOf = (orderId: string) => {
    const own = new Set(truth.orders.get(orderId));
    return items(told).flatMap((d) =>
      d.kind === 'delivery' && 'event' in d.subject && own.has(d.subject.event) ? [d] : [],
    );
  };

  it('have order 12345 paid and stuck in the stream, others pending behind it, ever more', () => {
    expect(ordersOf('stuck')).toEqual(['12345']);
    expect(steps('12345')).toContain('PaymentAuthorized');
    expect(steps('12345').at(-1)).toBe('ShipmentCreated');
    const dispatch = deliveriesOf('12345').filter(({ consumer }) => consumer === 'dispatch');
    expect(dispatch).toEqual([expect.objectContaining({ status: 'pending', via: 'shipping-2' })]);
    const lags = items(told).flatMap((t) =>
      t.kind === 'topology' ? (t.subscriptions.find((s) => s.consumer === 'dispatch')?.lag ?? []) : [],
    );
    expect(lags.at(-1)).toBeGreaterThan(8);
    expect(lags.at(-1)).toBeGreaterThan(lags[Math.floor(lags.length / 2)] ?? 0);
  });

  it('have one of each other kind', () => {
    const [poison = ''] = ordersOf('poison');
    expect(deliveriesOf(poison)).toContainEqual(
      expect.objectContaining({
        status: 'dead-lettered',
        consumer: 'fraud',
        via: 'payments.fraud (rejected)',
      }),
    );
    const [lost = ''] = ordersOf('lost-publish');
    expect(steps(lost)).not.toContain('InventoryReserved');
    expect(steps(lost)).toContain('MoneyDeposited');
    const [early = ''] = ordersOf('out-of-order');
    expect(steps(early).indexOf('ShipmentDispatched')).toBeLessThan(steps(early).indexOf('ShipmentCreated'));
    const [twice = ''] = ordersOf('duplicates');
    expect(steps(twice).filter((type) => type === 'OrderPlaced')).toHaveLength(2);
    const [retried = ''] = ordersOf('retry');
    expect(deliveriesOf(retried)).toContainEqual(
      expect.objectContaining({ status: 'redelivered', evidence: 'firehose', consumer: 'fraud' }),
    );
    expect(ordersOf('slow-service')).toHaveLength(12);
  });

  it('leave every other order complete', () => {
    const struck = new Set(['stuck', 'poison', 'lost-publish', 'waits-behind'].flatMap(ordersOf));
    const placed = new Map(
      truth.events.filter((e) => e.type === 'OrderPlaced').map((e) => [e.orderId, e.time]),
    );
    const open = [...truth.orders.keys()].filter((order) => !steps(order).includes('OrderCompleted'));
    const early = open.filter((order) => (placed.get(order) ?? 0) < now - 20_000);
    expect(new Set(early)).toEqual(struck);
  });

  it('do not strike where they are switched off', () => {
    const healthy = parseDemoUrl('demo://?fault=none');
    const { stories } = truthOf(createPlay(healthy, newPlay(healthy, now)).advance(now), healthy);
    expect(stories.flatMap(({ orders }) => orders)).toEqual([]);
  });
});

describe('a play whose reader was away', () => {
  const settings = parseDemoUrl('demo://');
  const first = createPlay(settings, newPlay(settings, now));
  const before = first.advance(now + 20_000);

  it('for a night was closed meanwhile: orders under way are finished, and the numbers go on', () => {
    const morning = now + 8 * 3_600_000;
    const resumed = resumedPlay(first.state, settings, morning);
    const after = createPlay(settings, resumed.state).advance(morning);
    const truth = truthOf([...before, ...(resumed.finished ?? []), ...after], settings);
    const placed = truth.events.filter((e) => e.type === 'OrderPlaced');
    const numbers = [...new Set(placed.map((e) => Number(e.orderId)))];
    expect(numbers).toEqual(numbers.map((_, i) => 12_300 + i));
    const inTheNight = placed.filter((e) => e.time > now + 21_000 && e.time < morning - historyMs);
    expect(inTheNight).toEqual([]);
    const ids = new Set(truth.events.map(({ id }) => id));
    expect(ids.size).toBe(truth.events.length);
    // The last one before the night came through, unless a story struck it.
    const lastBefore = String(
      Math.max(
        ...messages(before).flatMap((m) => (m.channel.name === 'orders' && m.key ? Number(m.key) : [])),
      ),
    );
    expect(truth.events.filter((e) => e.orderId === lastBefore).map((e) => e.type)).toContain(
      'OrderCompleted',
    );
  });

  it('goes on at another rate, if asked for', () => {
    const faster = parseDemoUrl('demo://?rate=10');
    const resumed = resumedPlay(first.state, faster, now + 30_000);
    const told = truthOf(createPlay(faster, resumed.state).advance(now + 30_000), faster);
    const placed = told.events.filter((e) => e.type === 'OrderPlaced');
    expect(placed.length).toBeGreaterThan(90);
    const numbers = [...new Set(placed.map((e) => Number(e.orderId)))];
    expect(numbers).toEqual(numbers.map((_, i) => 12_300 + first.state.next + i));
  });
});
