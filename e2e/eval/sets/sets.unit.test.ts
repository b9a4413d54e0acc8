import { describe, expect, test } from 'vitest';
import { make, setNames } from './catalogue.ts';

interface MessageLine {
  readonly kind: string;
  readonly id?: string;
  readonly system: string;
  readonly cluster: string;
  readonly channel: string;
  readonly partition?: number;
  readonly offset?: string;
  readonly time: string;
}

const nameOf = ({ id, system, cluster, channel, partition, offset }: MessageLine) =>
  id ?? [system, cluster, channel, partition, offset].filter((part) => part !== undefined).join('/');

describe.each(setNames)('%s', (name) => {
  const { lines, truth } = make(name, 7, 20);
  const messages = new Map<string, { readonly line: string; readonly time: number }>();
  for (const line of lines) {
    const parsed = JSON.parse(line) as MessageLine;
    if (parsed.kind !== 'message') continue;
    const seen = messages.get(nameOf(parsed));
    // The same name again is the same line again.
    if (seen) expect(line).toBe(seen.line);
    messages.set(nameOf(parsed), { line, time: Date.parse(parsed.time) });
  }

  test('is the same for the same seed, and another for another', () => {
    expect(make(name, 7, 20)).toEqual({ lines, truth });
    expect(make(name, 8, 20).lines).not.toEqual(lines);
  });

  test('names only messages that are there, and every one that is', () => {
    const named = new Set(truth.traces.flat());
    expect(truth.links.flat().filter((id) => !named.has(id))).toEqual([]);
    expect([...named].filter((id) => !messages.has(id))).toEqual([]);
    expect([...messages.keys()].filter((id) => !named.has(id))).toEqual([]);
  });

  test('has links from cause to effect, within one flow, and no earlier than clocks are wrong', () => {
    const flows = new Map<string, Set<number>>();
    for (const [index, trace] of truth.traces.entries()) {
      for (const id of trace) flows.set(id, (flows.get(id) ?? new Set()).add(index));
    }
    for (const [cause, effect] of truth.links) {
      expect(cause).not.toBe(effect);
      expect([...(flows.get(cause) ?? [])].some((flow) => flows.get(effect)?.has(flow))).toBe(true);
      const early = (messages.get(cause)?.time ?? 0) - (messages.get(effect)?.time ?? 0);
      expect(early).toBeLessThanOrEqual(4000);
    }
  });

  test('has no circle of causes', () => {
    const effects = Map.groupBy(truth.links, ([cause]) => cause);
    const done = new Set<string>();
    const visit = (id: string, path: ReadonlySet<string>): boolean => {
      if (path.has(id)) return false;
      if (done.has(id)) return true;
      const deeper = new Set(path).add(id);
      const sound = (effects.get(id) ?? []).every(([, effect]) => visit(effect, deeper));
      done.add(id);
      return sound;
    };
    expect([...messages.keys()].every((id) => visit(id, new Set()))).toBe(true);
  });
});
