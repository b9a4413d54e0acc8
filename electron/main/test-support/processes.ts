import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { implement, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { engineHost, type HandOver, type shellHost } from '../../../app/contract/host.ts';
import type { Child, Port } from '../electron-api.ts';

/** Node's channel in Electron's form: events that hold the data, and nothing before `start`. */
export function channel(): { port1: Port; port2: Port } {
  const { port1, port2 } = new MessageChannel();
  return { port1: asPort(port1), port2: asPort(port2) };
}

function asPort(port: MessagePort): Port {
  const events = new EventEmitter();
  port.on('close', () => events.emit('close'));
  const double = {
    on: (event: string, listener: (given?: unknown) => void) => events.on(event, listener),
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => void port.on('message', (data: unknown) => events.emit('message', { data })),
    close: () => port.close(),
  };
  return double as unknown as Port;
}

export interface EnginePlan {
  /** What `start` does; throws to refuse. */
  readonly start?: () => void | Promise<void>;
  readonly stop?: () => void | Promise<void>;
}

/** A process in which an engine is played: it answers the shell's contract as planned. */
export class EngineDouble extends EventEmitter implements Child {
  readonly opened: string[] = [];
  /** Ends of the ports that were handed over for pages. */
  readonly pages: Port[] = [];
  stopped = false;
  killed = false;
  /** What this engine can ask of the shell. */
  shell: ContractRouterClient<typeof shellHost> | undefined;
  readonly #plan: EnginePlan;

  constructor(plan: EnginePlan = {}) {
    super();
    this.#plan = plan;
  }

  postMessage(message: HandOver, [first, second]: Port[]): void {
    if (!first) throw new Error('A port was to be handed over.');
    if (message.kind === 'page') {
      this.pages.push(first);
      return;
    }
    const os = implement(engineHost);
    const router = os.router({
      start: os.start.handler(async () => {
        await this.#plan.start?.();
        return { version: '1.2.3' };
      }),
      openFile: os.openFile.handler(({ input: { path } }) => {
        if (path.includes('missing')) throw refusal(`There is no file ${path}.`);
        this.opened.push(path);
        return { id: `file-${this.opened.length}` };
      }),
      capture: os.capture.handler(({ input: { id } }) =>
        id === 'c1' ? { name: 'orders.hwcap', path: '/captures/c1' } : undefined,
      ),
      stop: os.stop.handler(async () => {
        await this.#plan.stop?.();
        this.stopped = true;
      }),
    });
    new RPCHandler(router).upgrade(first);
    first.start();
    if (second) {
      this.shell = createORPCClient(new RPCLink({ port: second }));
      second.start();
    }
  }

  kill(): boolean {
    this.killed = true;
    this.end(0);
    return true;
  }

  /** It ends, by a crash or by `kill`. */
  end(code: number): void {
    queueMicrotask(() => this.emit('exit', code));
  }
}

export function refusal(message: string) {
  const data = { code: 'refused', message, remedy: 'Try another.' };
  return new ORPCError('FAILED', { message, data });
}
