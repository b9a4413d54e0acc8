import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventFacts } from '../model/trace.ts';
import { createAssembler } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { createCompany } from './company.ts';
import { channel, event, Published } from './test-events.ts';

const videos = channel('videos');
const users = channel('users');

/** Flows of three events with a correlation id each, of videos and of users in turn, half a second apart. */
function flows(count: number, idOf: (flow: number) => string = (flow) => `c-${1000 + flow}`): EventFacts[] {
  return Array.from({ length: count }, (_, flow) => {
    const isVideo = flow % 2 === 0;
    const [on, types] = isVideo
      ? [videos, ['Uploaded', 'Scanned', 'Published']]
      : [users, ['Seen', 'Met', 'Greeted']];
    const own: Record<string, string> = isVideo
      ? { videoRef: `vid-${1000 + flow}` }
      : { visitRef: `visit-${1000 + flow}` };
    return types.map((type, step) => {
      // The last step carries nothing but the id.
      const joins = { ...(step < 2 && own), correlationId: idOf(flow) };
      return event(flow * 3 + step + 1, { type, on, joins, at: flow * 500 + step });
    });
  }).flat();
}

async function membersOf(...batches: readonly EventFacts[][]): Promise<string[]> {
  const one = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  const published = new Published();
  for (const batch of batches) {
    await one.add(batch);
    published.apply(one.takeChanges());
  }
  return published.members();
}

describe('a correlation id that is used again', () => {
  test('joins no two flows of one kind, and what carries it alone goes to the nearer', async () => {
    const members = await membersOf(flows(60, (flow) => `c-${flow === 12 ? 1010 : 1000 + flow}`));
    expect(members).toHaveLength(60);
    expect(members).toContain('31 32 33');
    expect(members).toContain('37 38 39');
  });

  test('joins no two flows of kinds that hardly ever share one', async () => {
    const members = await membersOf(flows(60, (flow) => `c-${flow === 11 ? 1010 : 1000 + flow}`));
    expect(members).toHaveLength(60);
    expect(members).toContain('31 32 33');
    expect(members).toContain('34 35 36');
  });

  test('joins what comes several times under one id', async () => {
    expect(await membersOf(flows(60, (flow) => `c-${1000 + flow - (flow % 4)}`))).toHaveLength(15);
  });

  test('joins all that carries it while little is known', async () => {
    expect(await membersOf(flows(8, (flow) => `c-${flow === 2 ? 1000 : 1000 + flow}`))).toHaveLength(7);
  });

  test('what is rare comes with what is not', async () => {
    const fraud = event(999, {
      type: 'FraudSuspected',
      joins: { correlationId: 'c-1010', alertRef: 'al-10' },
    });
    expect(await membersOf([...flows(60), fraud])).toHaveLength(60);
  });

  test('traces are the same whatever came first', async () => {
    const events = flows(44, (flow) => `c-${flow === 12 || flow === 17 ? 1010 : 1000 + flow}`);
    const whole = await membersOf(events);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.integer({ min: 1, max: 60 }),
        async (shuffled, size) => {
          const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, i) =>
            shuffled.slice(i * size, (i + 1) * size),
          );
          expect(await membersOf(...batches)).toEqual(whole);
        },
      ),
      { numRuns: 20 },
    );
  });
});

test('what is known of ids does not depend on which of very many came first', () => {
  const answersOf = (events: readonly EventFacts[]) => {
    const company = createCompany();
    for (const one of events) company.observe(one);
    const kinds = [...new Set(events.map(({ channel: on, facts }) => `${on.name} ${facts.type}`))].sort();
    const numbers = kinds.map((kind) => {
      const [name = '', type = ''] = kind.split(' ');
      return company.kindOf(channel(name), type)!;
    });
    return numbers.flatMap((a) => numbers.map((b) => company.areStrangers(a, b)));
  };
  const events = flows(2_000, (flow) => `c-${flow % 9 === 0 ? 1000 + flow + 1 : 1000 + flow}`);
  const answers = answersOf(events);
  expect(new Set(answers)).toEqual(new Set([true, false]));
  expect(answersOf(events.toReversed())).toEqual(answers);
});
