import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionView, Phase } from '../pipeline/connection.ts';
import { recordUntil } from './record-until.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const problem = { code: 'unreachable', message: 'Nothing listens at h:1.', remedy: 'Check the port.' };

/** A supervisor with one connection; each look at it takes a second and is the next of these. */
function looks(...views: readonly Partial<ConnectionView>[]) {
  let look = 0;
  return {
    list: () => {
      vi.setSystemTime(Date.now() + 1_000);
      const view = views[Math.min(look++, views.length - 1)];
      return [
        { name: 'shop', phase: 'live' as Phase, events: 0, alerts: [], ...view } as unknown as ConnectionView,
      ];
    },
    seen: () => look,
  };
}
const silent = () => undefined;

test('the time runs from when all is connected', async () => {
  const connecting = { phase: 'connecting' as const };
  const supervisor = looks(connecting, connecting, connecting, connecting, { phase: 'live' }, { events: 7 });
  expect(await recordUntil(supervisor, { for: 2_000 }, silent)).toEqual([]);
  expect(supervisor.seen()).toBeGreaterThan(6);
});

test('what never connects fails with its own sentence', async () => {
  const said: string[] = [];
  const wait = recordUntil(
    looks({ phase: 'reconnecting', problem }),
    { for: 1 },
    (line) => said.push(line),
    3_000,
  );
  await expect(wait).rejects.toMatchObject({
    code: 3,
    message: 'shop: Nothing listens at h:1. Check the port.',
  });
  await expect(recordUntil(looks({ phase: 'connecting' }), { for: 1 }, silent, 3_000)).rejects.toMatchObject({
    code: 3,
    message: 'shop did not answer in time.',
  });
  // While it tries, once: who watches it must not think that it records.
  expect(said).toEqual(['shop: Nothing listens at h:1. Check the port. Trying again for 2 s.']);
});

test('a URL that makes no sense is a wrong call', async () => {
  const failed = looks({ phase: 'failed', problem: { ...problem, code: 'invalid-options' } });
  await expect(recordUntil(failed, {}, silent)).rejects.toMatchObject({ code: 2 });
});

test('tells of a connection that went away before it saw anything, and what the others warn of', async () => {
  const said: string[] = [];
  const warning = { time: 0, severity: 'warning' as const, message: 'Names are missing.' };
  const away = await recordUntil(
    looks({ alerts: [warning] }, { alerts: [warning], phase: 'reconnecting', problem }),
    { for: 3_000 },
    (line) => said.push(line),
  );
  expect(away).toEqual(['shop: Nothing listens at h:1. Check the port.']);
  expect(said.filter((line) => line === 'shop: Names are missing.')).toHaveLength(1);
});
