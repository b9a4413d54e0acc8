import { describe, expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const traceId = '640cfd8d00000000112210f47de98115';
const spanId = '00f067aa0ba902b7';
const parentSpanId = '05e3ac9a4f6e3b90';
/** The lower half of the trace, and the span, in decimal. */
const [low, span] = [BigInt('0x112210f47de98115').toString(), BigInt(`0x${spanId}`).toString()];

test.each<[string, Record<string, string>, object]>([
  ['W3C', { traceparent: `00-${traceId}-${spanId}-01` }, { traceId, spanId }],
  ['B3 in one header', { b3: `${traceId}-${spanId}-1-${parentSpanId}` }, { traceId, spanId, parentSpanId }],
  ['B3 without a parent', { b3: `${traceId}-${spanId}` }, { traceId, spanId }],
  [
    'B3 in several headers',
    {
      'X-B3-TraceId': traceId,
      'X-B3-SpanId': spanId,
      'X-B3-ParentSpanId': parentSpanId,
      'X-B3-Sampled': '1',
    },
    { traceId, spanId, parentSpanId },
  ],
  [
    'Jaeger',
    { 'uber-trace-id': `${traceId}:${spanId}:${parentSpanId}:1` },
    { traceId, spanId, parentSpanId },
  ],
  [
    'Jaeger, encoded and without leading zeros',
    { 'uber-trace-id': `${traceId}%3Af067aa0ba902b7%3A0%3A1` },
    { traceId, spanId },
  ],
  [
    'Datadog',
    {
      'x-datadog-trace-id': low,
      'x-datadog-parent-id': span,
      'x-datadog-tags': '_dd.p.dm=-0,_dd.p.tid=640cfd8d00000000',
    },
    { traceId, spanId },
  ],
  [
    'W3C with the last span that Datadog knows',
    { traceparent: `00-${traceId}-${spanId}-01`, tracestate: `vendor=1,dd=s:1;p:${parentSpanId};t.dm:-4` },
    { traceId, spanId, parentSpanId },
  ],
])('%s', (_, headers, trace) => {
  const told = understood({ headers });
  expect(told.trace).toEqual(trace);
  expect(told.keys).toEqual([`traceId=${traceId}`]);
});

describe('one trace in several notations', () => {
  const half = '0000000000000000112210f47de98115';

  test('ids of 64 bits are filled up, so that Datadog’s and B3’s are W3C’s', () => {
    for (const headers of [
      { 'x-datadog-trace-id': low },
      { b3: `112210f47de98115-${spanId}` },
      { 'uber-trace-id': '112210f47de98115:1:0:1' },
      { traceparent: `00-${half}-${spanId}-01` },
    ] as Record<string, string>[])
      expect(understood({ headers }).keys).toEqual([`traceId=${half}`]);
  });

  test('a message that has both ties those that know only half of the id', () => {
    const headers = { traceparent: `00-${traceId}-${spanId}-01`, 'x-datadog-trace-id': low };
    expect(understood({ headers }).keys).toEqual([`traceId=${traceId}`, `traceId=${half}`]);
  });
});

test.each<Record<string, string>>([
  { b3: '0' },
  { b3: 'd' },
  { 'X-B3-TraceId': '0'.repeat(32) },
  { 'uber-trace-id': '0:0:0:0' },
  { 'x-datadog-trace-id': '0' },
  { 'x-datadog-trace-id': '99999999999999999999' },
  { 'trace-id': 'checkout' },
])('%j is no trace', (headers) => {
  expect(understood({ headers })).toMatchObject({ trace: undefined, keys: [] });
});
