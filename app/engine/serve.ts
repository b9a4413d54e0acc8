import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectionProblem } from '../pipeline/connection.ts';
import type { ConnectionInput } from '../pipeline/supervisor.ts';
import { startEngine, type EngineOptions } from './engine.ts';
import { startHttpServer } from './http-server.ts';
import { createRpcSocketServer } from './rpc-socket.ts';
import { createServedGuard } from './served-guard.ts';
import { servedToken } from './served-token.ts';

export interface ServeOptions extends EngineOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly allowHosts?: readonly string[];
}

export interface Served {
  /** The address with its token: whoever has it can see everything. */
  readonly url: string;
  /** Reads a file as a connection of its own; `ended` says what went wrong with it, if something did. */
  openFile(name: string, path: string): Promise<{ readonly ended: Promise<ConnectionProblem | undefined> }>;
  /** Adds a connection, as the page does. */
  connect(input: ConnectionInput): Promise<string>;
  close(): Promise<void>;
}

/** The engine and its page for a browser, on loopback. Rejects with a sentence when the port or the store is taken. */
export async function serve(options: ServeOptions): Promise<Served> {
  const engine = await startEngine(options);
  try {
    const { token, forget } = await servedToken(options.dir);
    const guard = createServedGuard(token, options.allowHosts);
    const server = await startHttpServer({
      port: options.port,
      guard,
      pageDir: fileURLToPath(new URL('../../dist/renderer', import.meta.url)),
      uploadDir: join(options.dir, 'uploads'),
      onSocket: createRpcSocketServer(engine.router),
      captureFile: (id) => engine.captures.file(id),
      onFile: (name, path) => engine.supervisor().addFile(name, path, true),
    });
    return {
      url: `http://127.0.0.1:${server.port}/?token=${guard.token}`,
      async openFile(name, path) {
        const id = await engine.supervisor().addFile(name, path);
        return { ended: engine.supervisor().fileEnded(id) };
      },
      connect: (input) => engine.supervisor().add(input),
      async close() {
        await server.close();
        await forget();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
