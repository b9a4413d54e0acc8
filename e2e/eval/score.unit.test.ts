import fc from 'fast-check';
import { expect, test } from 'vitest';
import { score } from './score.ts';

const link = (from: string, to: string, confidence = 1) => ({ from, to, confidence });

test('all found and nothing else is 1 everywhere', () => {
  const truth = { traces: [['a', 'b', 'c'], ['d']], links: [['a', 'b'] as const] };
  expect(score(truth, { traces: truth.traces, links: [link('a', 'b')] })).toMatchObject({
    traceP: 1,
    traceR: 1,
    linkP: 1,
    linkR: 1,
  });
});

test('a merge costs precision, a split costs recall, and a shared event costs neither', () => {
  const truth = {
    traces: [
      ['a', 'b', 'batch'],
      ['c', 'd', 'batch'],
    ],
    links: [],
  };
  expect(score(truth, { traces: [['a', 'b', 'c', 'd', 'batch']], links: [] })).toMatchObject({
    traceP: 0.6,
    traceR: 1,
  });
  expect(score(truth, { traces: [['a', 'b', 'batch'], ['c'], ['d']], links: [] })).toMatchObject({
    traceP: 1,
    traceR: 0.5,
  });
  expect(score(truth, { traces: truth.traces, links: [] })).toMatchObject({ traceP: 1, traceR: 1 });
});

test('links are judged with their direction, and counted by their confidence', () => {
  const truth = { traces: [['a', 'b', 'c']], links: [['a', 'b'] as const, ['b', 'c'] as const] };
  const found = { traces: [], links: [link('a', 'b', 1), link('c', 'b', 0.8), link('a', 'stranger', 0.8)] };
  const { linkP, linkR, calibration } = score(truth, found);
  expect({ linkP, linkR }).toEqual({ linkP: 0.5, linkR: 0.5 });
  expect(calibration[8]).toEqual({ from: 0.8, links: 1, true: 0 });
  expect(calibration[9]).toEqual({ from: 0.9, links: 1, true: 1 });
});

test('every share lies between 0 and 1, whatever was found', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const traces = fc.array(fc.array(id, { maxLength: 5 }), { maxLength: 4 });
  fc.assert(
    fc.property(traces, fc.array(fc.tuple(id, id)), traces, fc.array(fc.tuple(id, id)), (t, l, ft, fl) => {
      const result = score(
        { traces: t, links: l },
        { traces: ft, links: fl.map(([a, b]) => link(a, b, 0.5)) },
      );
      for (const value of [result.traceP, result.traceR, result.linkP, result.linkR]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }),
  );
});
