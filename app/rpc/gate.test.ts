import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('one that must be alone waits for those inside, keeps others out, and all get through', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { maxLength: 8 }), async (scheduler, wishes) => {
      const gate = createGate();
      let working = 0;
      let alone = false;
      const work = async (): Promise<void> => {
        expect(alone).toBe(false);
        working++;
        await scheduler.schedule(Promise.resolve());
        working--;
      };
      const done = wishes.map((wishesAlone) =>
        gate.pass(async () => {
          await work();
          if (!wishesAlone) return;
          await gate.alone(async () => {
            expect([working, alone]).toEqual([0, false]);
            alone = true;
            await scheduler.schedule(Promise.resolve());
            alone = false;
          });
        }),
      );
      await scheduler.waitFor(Promise.all(done));
      expect(working).toBe(0);
    }),
  );
});

test('a call that fails lets the others go on', async () => {
  const gate = createGate();
  const failing = gate.pass(() => gate.alone(() => Promise.reject(new Error('no'))));
  await expect(failing).rejects.toThrow('no');
  expect(await gate.pass(() => Promise.resolve(1))).toBe(1);
});
