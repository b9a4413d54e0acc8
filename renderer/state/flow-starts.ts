import type { EventRowDto } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { useMap } from './map.ts';

type Row = Pick<EventRowDto, 'trace' | 'time' | 'seq' | 'producer'>;

/** Events that are looked at: some dozen flows. */
const sample = 400;

/** The ids of the participants with which flows begin; none while the engine is away. */
export async function findFlowStarts(): Promise<ReadonlySet<string>> {
  try {
    const { rows } = await engine().events.list({ query: '', limit: sample });
    const names = beginners(rows);
    const nodes = [...useMap.getState().nodes.values()];
    return new Set(
      nodes.flatMap(({ id, kind, name }) => (kind === 'participant' && names.has(name) ? [id] : [])),
    );
  } catch {
    // The map can be drawn without.
    return new Set();
  }
}

/** Who published the first event of more traces than those that he only joined later. */
export function beginners(rows: readonly Row[]): Set<string> {
  const votes = new Map<string, number>();
  for (const [trace, events] of Map.groupBy(rows, (row) => row.trace)) {
    if (trace === undefined || events.length < 2) continue;
    const [first, ...rest] = events.toSorted((a, b) => a.time - b.time || a.seq - b.seq);
    const begins = first?.producer?.name;
    if (begins !== undefined) votes.set(begins, (votes.get(begins) ?? 0) + 1);
    for (const name of new Set(rest.flatMap(({ producer }) => producer?.name ?? [])))
      if (name !== begins) votes.set(name, (votes.get(name) ?? 0) - 1);
  }
  return new Set([...votes].flatMap(([name, balance]) => (balance > 0 ? [name] : [])));
}
