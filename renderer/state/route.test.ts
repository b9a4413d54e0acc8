import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange } from '../../app/language/time-range.ts';
import { parseRoute, printRoute } from './route.ts';
import type { Route } from './route.ts';

const parsed = (address: string): Route => {
  const url = new URL(address, 'http://localhost');
  return parseRoute(url.pathname, url.search);
};

test('reads the addresses that the command and colleagues hand out', () => {
  expect(parsed('/')).toEqual({ view: 'home' });
  expect(parsed('/traces?q=orderId%3D12345')).toEqual({ view: 'traces', query: 'orderId=12345' });
  expect(parsed('/traces/t1?event=kafka%2Fprod%2Forders%2F3%2F1042&form=graph')).toEqual({
    view: 'trace',
    id: 't1',
    event: 'kafka/prod/orders/3/1042',
    form: 'graph',
  });
  expect(parsed('/events?q=channel%3Aorders&event=e1&last=15m')).toEqual({
    view: 'events',
    query: 'channel:orders',
    event: 'e1',
  });
  expect(parsed('/connections/new')).toEqual({ view: 'connections', adding: true });
  expect(parsed('/traces/%E0%A4%A')).toMatchObject({ view: 'unknown' });
  expect(parsed('/map')).toEqual({ view: 'map' });
  expect(parsed('/map?trace=t1&select=participant%2Fpayments')).toEqual({
    view: 'map',
    trace: 't1',
    select: 'participant/payments',
  });
  expect(parsed('/maps')).toMatchObject({ view: 'unknown' });
});

test('every route that can be shown is read back from its address', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  const route: fc.Arbitrary<Route> = fc.oneof(
    fc
      .record({ query: text, event: text, select: text }, { requiredKeys: ['query'] })
      .map((rest): Route => ({ view: 'traces', ...rest })),
    fc
      .record({ trace: text, select: text, event: text }, { requiredKeys: [] })
      .map((asked): Route => ({ view: 'map', ...asked })),
    text.map((query): Route => ({ view: 'events', query })),
    fc.record({ query: text, event: text }).map((rest): Route => ({ view: 'events', ...rest })),
    fc.boolean().map((adding): Route => ({ view: 'connections', adding })),
    // A path of only dots is rewritten by browsers before anyone sees it.
    fc
      .record({ id: text.filter((id) => !/^\.+$/.test(id)), event: text })
      .map(({ id, event }): Route => ({ view: 'trace', id, event, form: 'graph' })),
  );
  fc.assert(
    fc.property(route, (asked) => {
      expect(parsed(printRoute(asked))).toEqual(asked);
      const address = printRoute(asked, { kind: 'last', span: 900_000 });
      expect(parsed(address)).toEqual(asked);
      expect(parseRange(new URL(address, 'http://localhost').searchParams)).toEqual({
        kind: 'last',
        span: 900_000,
      });
    }),
  );
});
