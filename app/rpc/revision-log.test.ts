import { describe, expect, it } from 'vitest';
import { createRevisionLog } from './revision-log.ts';

describe('revision log', () => {
  it('tells a new page that everything is dirty', async () => {
    const log = createRevisionLog('a');
    expect(await log.since(undefined, 7)).toMatchObject({
      instance: 'a',
      connections: true,
      events: true,
      traces: true,
      more: true,
    });
    expect(await log.since('another engine', 7)).toMatchObject({ connections: true, more: true });
  });

  it('begins anew for those that wait and those that come', async () => {
    const log = createRevisionLog('a');
    const { revision } = await log.since(undefined, 0);
    const waits = log.since('a', revision);
    log.beginAnew();
    expect(await waits).toMatchObject({ instance: log.instance });
    expect(log.instance).not.toBe('a');
    expect(await log.since('a', revision)).toMatchObject({ instance: log.instance, more: true });
  });

  it('answers at once with what changed since, each trace once', async () => {
    const log = createRevisionLog('a');
    log.note({ traceIds: ['t1', 't2'] });
    const first = await log.since('a', 0);
    expect(first).toMatchObject({ traces: true, connections: false, traceIds: ['t1', 't2'], more: false });
    log.note({ traceIds: ['t1'] });
    log.note({ connections: true });
    expect(await log.since('a', first.revision)).toMatchObject({ traceIds: ['t1'], connections: true });
  });

  it('waits for the next change, and gathers what comes right behind it', async () => {
    const log = createRevisionLog('a');
    const answer = log.since('a', 0);
    log.note({ traceIds: ['t1'] });
    log.note({ traceIds: ['t2'] });
    expect((await answer).traceIds).toEqual(['t1', 't2']);
  });

  it('tells that events were recorded, once', async () => {
    const log = createRevisionLog('a');
    log.note({ events: true });
    const first = await log.since('a', 0);
    expect(first).toMatchObject({ events: true, traces: false, connections: false });
    log.note({ connections: true });
    expect(await log.since('a', first.revision)).toMatchObject({ events: false, connections: true });
  });

  it('says when it has forgotten some, so that the page reads its list anew', async () => {
    const log = createRevisionLog('a');
    log.note({ traceIds: ['old'] });
    for (let i = 0; i < 3; i++) log.note({ traceIds: Array.from({ length: 1_000 }, (_, n) => `t${i}-${n}`) });
    const answer = await log.since('a', 0);
    expect(answer.more).toBe(true);
    expect(answer.traceIds).toHaveLength(2_000);
    expect((await log.since('a', 3)).more).toBe(false);
  });

  it('lets a page go that hung up', async () => {
    const log = createRevisionLog('a');
    const abort = new AbortController();
    const answer = log.since('a', 0, abort.signal);
    abort.abort();
    expect(await answer).toMatchObject({ traces: false, connections: false });
  });
});
