import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { page } from '../../app/contract/page.ts';

/** The engine's contract as a page calls it. */
export type PageClient = ContractRouterClient<typeof page>;

/** A running `headwater serve`, as a user starts it. */
export interface Headwater {
  readonly url: string;
  readonly origin: string;
  readonly pid: number;
  readonly client: PageClient;
  /** Everything that it wrote to standard error so far. */
  readonly stderr: () => string;
  /** Ends it as Ctrl-C does and waits; answers with its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

const root = join(import.meta.dirname, '..', '..');
export const command = join(root, 'app', 'cli', 'headwater.mjs');

/** Starts the command with these arguments and logs in with the URL that it prints. */
export async function startHeadwater(args: readonly string[]): Promise<Headwater> {
  const child = spawn(process.execPath, [command, 'serve', '--no-key-store', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const url = await firstUrl(child, () => stderr);
  const { origin } = new URL(url);
  const cookie = await logIn(url);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie }, origin });
  await once(socket, 'open');
  const client: PageClient = createORPCClient(new RPCLink({ websocket: socket }));
  const exited = once(child, 'exit');
  return {
    url,
    origin,
    pid: child.pid ?? 0,
    client,
    stderr: () => stderr,
    async stop() {
      socket.terminate();
      child.kill('SIGINT');
      const [code] = (await exited) as [number | null];
      return code;
    },
    async kill() {
      socket.terminate();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Follows the printed URL as a browser does and answers with the cookie that it sets. */
export async function logIn(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function firstUrl(child: ChildProcess, stderr: () => string): Promise<string> {
  if (!child.stdout) throw new Error('no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /https?:\/\/\S+/.exec(line)?.[0];
    if (url) return url;
  }
  throw new Error(`headwater serve ended before it printed a URL:\n${stderr()}`);
}
