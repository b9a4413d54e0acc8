import { createEndpoint, expose, transferHandlers, wrap, type Remote } from 'comlink';

export { transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { MessagePort, Worker } from 'node:worker_threads';
import { ConnectionError, type ConnectionErrorCode } from '../model/source.ts';

/**
 * Calls between threads, by comlink. Its own handler for thrown errors keeps message and stack only; ours also brings
 * a `ConnectionError` across whole, since its code and remedy are what the user reads.
 */
interface ThrownOnWire {
  readonly isError: boolean;
  readonly value: {
    message: string;
    name: string;
    stack?: string;
    code?: ConnectionErrorCode;
    remedy?: string;
    retryable?: boolean;
  };
}

const plain = transferHandlers.get('throw');
if (plain) {
  transferHandlers.set('throw', {
    canHandle: plain.canHandle,
    serialize(thrown) {
      const [wire, moved] = plain.serialize(thrown) as [ThrownOnWire, ArrayBuffer[]];
      const { value } = thrown as { value: unknown };
      if (value instanceof ConnectionError) {
        const { code, remedy, retryable } = value;
        return [{ ...wire, value: { ...wire.value, code, remedy, retryable } }, moved];
      }
      return [wire, moved];
    },
    deserialize(wire) {
      const { value } = wire as ThrownOnWire;
      if (value?.name === 'ConnectionError' && value.code !== undefined) {
        throw new ConnectionError(value.code, value.message, value.remedy ?? '', {
          retryable: value.retryable,
        });
      }
      return plain.deserialize(wire);
    },
  });
}

type Port = MessagePort | Worker;

/** Offers `service` to whoever holds the other end of `port`. */
export function serveOn(port: Port, service: object): void {
  expose(service, nodeEndpoint(port as never));
}

/** The service at the other end of `port`; each of its methods returns a promise. */
export function serviceAt<T>(port: Port): Remote<T> {
  return wrap<T>(nodeEndpoint(port as never));
}

/** A further line to a service that `serviceAt` gave, for another thread to hold. */
export async function anotherPort(service: object): Promise<MessagePort> {
  const port: unknown = await (service as Remote<object>)[createEndpoint]();
  return port as MessagePort;
}
