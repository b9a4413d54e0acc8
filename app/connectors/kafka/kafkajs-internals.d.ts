/**
 * The parts of kafkajs 2.2.4 that lie below its public API. It cannot read without a group by that API, so `link.ts`
 * uses one broker's connections and the protocol's encoders directly. `link.ts` checks at start that they are there.
 */
declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';

  export interface ProtocolRequest {
    readonly request: { readonly apiKey: number; readonly apiVersion: number };
    readonly response: {
      readonly decode: (payload: Buffer) => Promise<unknown>;
      readonly parse: (decoded: unknown) => Promise<unknown>;
    };
    readonly logResponseError?: boolean;
  }
  export interface Connection {
    readonly socket?: Socket;
    readonly requestQueue: { readonly pending: readonly unknown[]; scheduleCheckPendingRequests(): void };
    connect(): Promise<unknown>;
    rejectRequests(error: Error): void;
    disconnect(): Promise<unknown>;
  }
  export default class ConnectionPool {
    constructor(options: Readonly<Record<string, unknown>>);
    readonly pool: readonly Connection[];
    send(request: ProtocolRequest): Promise<unknown>;
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
  import type { ProtocolRequest } from 'kafkajs/src/network/connectionPool.js';
  import type { RequestDefinition } from 'kafkajs/src/protocol/requests/index.js';

  export default class Broker {
    constructor(options: {
      readonly connectionPool: ConnectionPool;
      readonly logger: unknown;
      readonly authenticationTimeout: number;
    });
    readonly lookupRequest: (
      apiKey: number,
      definition: RequestDefinition,
    ) => (args: object) => ProtocolRequest;
    connect(): Promise<void>;
  }
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  export interface RequestDefinition {
    readonly versions: readonly string[];
  }
  export const requests: Readonly<Record<string, RequestDefinition>>;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}

declare module 'snappyjs' {
  export function uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array;
  export function compress(plain: Uint8Array): Uint8Array;
}

declare module 'lz4js' {
  export function decompress(compressed: Uint8Array, maxSize?: number): Uint8Array;
  export function compress(plain: Uint8Array): Uint8Array;
}
