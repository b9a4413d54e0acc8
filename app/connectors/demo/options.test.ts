import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../model/source.ts';
import { parseDemoUrl } from './options.ts';

const refusal = (url: string): string => {
  try {
    parseDemoUrl(url);
    return 'taken';
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectionError);
    const { code, message, remedy, retryable } = error as ConnectionError;
    expect({ code, retryable }).toEqual({ code: 'invalid-options', retryable: false });
    return `${message} ${remedy}`;
  }
};

describe('demo URL', () => {
  it('has something for everything that is left out', () => {
    const settings = parseDemoUrl('demo://');
    expect(settings).toMatchObject({ seed: 1, rate: 2, at: undefined, cluster: 'live-demo' });
    expect(settings.faults).toContain('stuck');
    expect(settings.faults.size).toBe(7);
  });

  it('takes a seed, a rate, faults and a moment', () => {
    const settings = parseDemoUrl('demo://?seed=7&rate=0.5&fault=poison,retry&at=2026-03-01T10:00:00Z');
    expect(settings).toEqual({
      seed: 7,
      rate: 0.5,
      faults: new Set(['poison', 'retry']),
      at: Date.parse('2026-03-01T10:00:00Z'),
      cluster: 'live-demo-7',
    });
    expect(parseDemoUrl('demo://?fault=none').faults.size).toBe(0);
  });

  it('names what is wrong, and says what to do', () => {
    expect(refusal('demo://?sped=1')).toMatch(/sped.*demo:\/\/\?seed=1/);
    expect(refusal('demo://?seed=-1')).toMatch(/seed/);
    expect(refusal('demo://?seed=many')).toMatch(/seed/);
    expect(refusal('demo://?rate=1000')).toMatch(/rate/);
    expect(refusal('demo://?fault=earthquake')).toMatch(/fault.*poison/);
    expect(refusal('demo://?at=yesterday')).toMatch(/at/);
    expect(refusal('demo://broker:9092')).toMatch(/no host/);
    expect(refusal('not a url')).toMatch(/not a demo URL/);
  });
});
