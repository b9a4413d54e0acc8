import { createORPCClient } from '@orpc/client';
import { RPCLink, type SupportedMessagePort } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { implement, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { engineHost, handOver, type shellHost } from '../contract/host.ts';
import type { SecretStore } from '../pipeline/secret-store.ts';
import { defaultDataDir } from './data-dir.ts';
import { startEngine, type Engine } from './engine.ts';
import { sealedSecrets } from './sealed-secrets.ts';
import { version } from './version.ts';

type Port = SupportedMessagePort & { start(): void };

/** What Electron gives to a utility process as `process.parentPort`, as far as it is used. */
export interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly Port[] }) => void): unknown;
}

type Shell = ContractRouterClient<typeof shellHost>;

/** Serves the desktop shell: the engine's life over the first ports, the page's contract over each that follows. */
export function serveShell(parent: ParentPort): void {
  let engine: Engine | undefined;
  /** Ports of pages that came before the engine was ready. */
  const early: Port[] = [];

  function servePage(port: Port): void {
    if (!engine) {
      early.push(port);
      return;
    }
    new RPCHandler(engine.router).upgrade(port);
    port.start();
  }

  function serveHost(enginePort: Port, shell: Shell): void {
    const os = implement(engineHost);
    const running = () => {
      if (engine) return engine;
      throw failure('not-started', 'The engine is not running.', 'Wait until it is, then try again.');
    };
    const router = os.router({
      start: os.start.handler(async ({ input }) => {
        const dir = input.dir ?? defaultDataDir();
        try {
          engine = await startEngine({
            dir,
            secrets: secretsOf(shell, dir),
            onWarning: (message) => void shell.warn({ message }).catch(() => undefined),
          });
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          throw failure('not-started', message, 'Headwater tries again by itself.');
        }
        for (const port of early.splice(0)) servePage(port);
        return { version };
      }),
      openFile: os.openFile.handler(async ({ input: { path } }) => {
        if (!(await stat(path).catch(() => undefined))?.isFile()) {
          throw failure('no-file', `There is no file ${path}.`, 'It may have been moved or renamed.');
        }
        return { id: await running().supervisor().addFile(basename(path), path) };
      }),
      capture: os.capture.handler(({ input: { id } }) => running().captures.file(id)),
      stop: os.stop.handler(async () => {
        await engine?.close();
      }),
    });
    new RPCHandler(router).upgrade(enginePort);
    enginePort.start();
  }

  parent.on('message', ({ data, ports }) => {
    const [first, second] = ports;
    if (!first) return;
    const { kind } = handOver.parse(data);
    if (kind === 'page') servePage(first);
    else if (second) {
      serveHost(first, createORPCClient<Shell>(new RPCLink({ port: second })));
      second.start();
    }
  });
}

/** Passwords are sealed by the shell, which alone can ask the system's key store; where there is none it says so. */
function secretsOf(shell: Shell, dir: string): SecretStore {
  return sealedSecrets(join(dir, 'secrets.json'), {
    seal: async (text) => (await shell.seal({ text })).sealed,
    unseal: async (sealed) => (await shell.unseal({ sealed })).text,
  });
}

/** A failure as the user reads it, in the form of the contract. */
function failure(code: string, message: string, remedy: string) {
  return new ORPCError('FAILED', { message, data: { code, message, remedy } });
}
