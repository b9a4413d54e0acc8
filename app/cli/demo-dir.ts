import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import { demoConnector } from '../connectors/demo/index.ts';
import { openConnectionBook } from '../pipeline/connection-book.ts';
import type { ConnectionInput } from '../pipeline/supervisor.ts';

/** The demo as a connection. */
export function demoInput(seed = 1): ConnectionInput {
  return { name: 'Live demo', url: `demo://?seed=${seed}`, channels: 'all', from: 'earliest' };
}

/**
 * Makes a data folder in which the demo is the one connection, and removes it afterwards: what the demo records is
 * nobody's to keep.
 */
export async function withDemoDir<T>(seed: number | undefined, use: (dir: string) => Promise<T>): Promise<T> {
  const dir = makeTemporaryDir(join(tmpdir(), 'headwater-'));
  try {
    const input = demoInput(seed);
    const cluster = demoConnector.identify?.(input.url) ?? 'demo';
    const book = await openConnectionBook(join(dir, 'connections.json'), () => undefined);
    await book.put({ ...input, id: cluster, cluster: 'default', wanted: true });
    return await use(dir);
  } finally {
    await removeTemporaryDir(dir);
  }
}
