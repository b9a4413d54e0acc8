import { create } from 'zustand';
import type { ConnectionDto, Problem } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import type { PageClient } from '../rpc/link.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';

export type ConnectionKind = Awaited<ReturnType<PageClient['connections']['kinds']>>[number];

interface ConnectionsState {
  /** In the engine's order; undefined until first answered. */
  readonly ids?: readonly string[];
  readonly byId: ReadonlyMap<string, ConnectionDto>;
  readonly kinds: readonly ConnectionKind[];
}

export const useConnections = create<ConnectionsState>(() => ({ byId: new Map(), kinds: [] }));

/** Asks for the connections anew; many calls at once become one. */
export const loadConnections = coalesce(async () => {
  try {
    const list = await engine().connections.list();
    const before = useConnections.getState();
    const ids = list.map(({ id }) => id);
    const same = before.ids?.length === ids.length && ids.every((id, index) => before.ids?.[index] === id);
    useConnections.setState({
      ids: same ? before.ids : ids,
      byId: new Map(list.map((connection) => [connection.id, connection])),
    });
    if (before.kinds.length === 0) useConnections.setState({ kinds: await engine().connections.kinds() });
  } catch {
    // Asked again when the link is back.
  }
}, 250);

/** Runs a call on connections and shows its effect at once. Answers with the problem, if there is one. */
export async function onConnections(
  call: (connections: PageClient['connections']) => Promise<unknown>,
): Promise<Problem | undefined> {
  try {
    await call(engine().connections);
    return undefined;
  } catch (error) {
    return asProblem(error);
  } finally {
    loadConnections();
  }
}
