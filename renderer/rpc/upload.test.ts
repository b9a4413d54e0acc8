import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer } from './upload.ts';

test('an opened file answers with its id', () => {
  expect(readAnswer(200, '{"id":"f1"}', 'a.ndjson')).toEqual({ id: 'f1' });
});

test('a refusal is shown as the engine words it, and has a remedy even where the engine says nothing', () => {
  const refusal = { code: 'unsupported', message: 'a.txt is no capture.', remedy: 'Open a .hwcap file.' };
  expect(readAnswer(422, JSON.stringify(refusal), 'a.txt')).toEqual({ problem: refusal });
  fc.assert(
    fc.property(fc.integer({ min: 400, max: 599 }), fc.string(), (status, body) => {
      expect(readAnswer(status, body, 'a.ndjson')).toMatchObject({
        problem: { message: expect.stringContaining('a.ndjson'), remedy: expect.stringMatching(/\w/) },
      });
    }),
  );
});
