import net from 'node:net';
import tls from 'node:tls';
import KafkaBroker from 'kafkajs/src/broker/index.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import { ConnectionError } from '../../model/source.ts';
import { translateError } from './errors.ts';
import { addressText, type Address } from './options.ts';

/** How to connect to any broker of a cluster. */
export interface Access {
  readonly clientId: string;
  /** TLS options; absent for plain text. */
  readonly tls?: tls.ConnectionOptions;
  readonly sasl?: { readonly mechanism: string; readonly username: string; readonly password: string };
  readonly connectTimeoutMs: number;
  /** A request during which not one byte arrives for this long means that the other side is gone. */
  readonly silenceMs: number;
}

/** The requests that are used, by kafkajs' names of them. */
export type Api = 'Fetch' | 'ListOffsets' | 'Metadata' | 'OffsetFetch' | 'DescribeGroups' | 'ListGroups';

/** An authenticated connection to one broker; in fact two, so that long fetches hold up nothing else. */
export interface Link {
  readonly address: Address;
  /**
   * Sends one request in the newest version that both sides know. Error codes in the response are the caller's:
   * kafkajs' own checks would fail a whole response for one partition.
   * @throws ConnectionError
   */
  request(api: Api, args: object): Promise<unknown>;
  /** As `request`, with the response's bytes decoded by `decode`, which is told the version. */
  request<T>(api: Api, args: object, decode: (payload: Buffer, version: number) => T): Promise<T>;
  /** Ends at once; pending requests fail. */
  close(): void;
}

/** @throws ConnectionError when the broker cannot be reached or does not accept us. */
export async function openLink(address: Address, access: Access): Promise<Link> {
  const where = addressText(address);
  const sockets = new Set<net.Socket>();
  const connectionPool = new ConnectionPool({
    ...address,
    clientId: access.clientId,
    sasl: access.sasl,
    logger: silentLogger,
    connectionTimeout: access.connectTimeoutMs,
    requestTimeout: access.silenceMs,
    // `guard` below does this without the library's timers.
    enforceRequestTimeout: false,
    socketFactory: ({ onConnect }: { onConnect: () => void }) => {
      const socket = connectSocket(address, access.tls, onConnect);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  });
  const broker = new KafkaBroker({
    connectionPool,
    logger: silentLogger,
    authenticationTimeout: access.connectTimeoutMs,
  });
  checkInternals(connectionPool);
  for (const { requestQueue } of connectionPool.pool) calmTimers(requestQueue);

  let closed = false;
  const close = (): void => {
    closed = true;
    for (const connection of connectionPool.pool) {
      connection.rejectRequests(new ConnectionError('lost', `Disconnected from ${where}.`, 'Connect again.'));
      connection.disconnect().catch(() => undefined);
    }
    for (const socket of sockets) socket.destroy();
  };

  const guarded = <T>(work: Promise<T>, limitMs: number): Promise<T> =>
    guard(work, limitMs, () => [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0)).catch(
      (thrown: unknown) => {
        throw translateError(thrown, where);
      },
    );

  try {
    await guarded(broker.connect(), access.connectTimeoutMs + 2000);
    // Both now: two first requests at once would open two sockets for one connection.
    await guarded(
      Promise.all(connectionPool.pool.map((connection) => connection.connect())),
      access.connectTimeoutMs,
    );
  } catch (thrown) {
    close();
    throw thrown;
  }

  return {
    address,
    close,
    async request<T>(api: Api, args: object, decode?: (payload: Buffer, version: number) => T) {
      if (closed) throw translateError({ name: 'KafkaJSConnectionClosedError' }, where);
      const definition = requests[api];
      const apiKey = apiKeys[api];
      if (!definition || apiKey === undefined) throw internalsChanged(api);
      const { request, response } = broker.lookupRequest(apiKey, definition)(args);
      const sent = connectionPool.send({
        request,
        response: {
          decode: decode ? async (payload) => decode(payload, request.apiVersion) : response.decode,
          parse: async (decoded) => decoded,
        },
        logResponseError: false,
      });
      return (await guarded(sent, access.silenceMs)) as T;
    },
  };
}

/** One socket, by TLS or not; keep-alive so that idle connections survive NAT tables. */
export function connectSocket(
  address: Address,
  options: tls.ConnectionOptions | undefined,
  onConnect: () => void,
): net.Socket {
  const servername = net.isIP(address.host) ? undefined : address.host;
  const socket = options
    ? tls.connect({ ...address, servername, ...options }, onConnect)
    : net.connect({ ...address }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  return socket;
}

/** Fails `work` when no byte has arrived for `limitMs`: a slow answer may take its time, a silent one not. */
function guard<T>(work: Promise<T>, limitMs: number, bytesRead: () => number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let seen = bytesRead();
    let quiet = 0;
    const step = Math.max(50, limitMs / 8);
    const timer = setInterval(() => {
      const now = bytesRead();
      quiet = now === seen ? quiet + step : 0;
      seen = now;
      if (quiet >= limitMs) reject(new Error('timed out'));
    }, step);
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}

/** kafkajs re-arms a timer for ever, with a negative delay, though nothing waits: it costs CPU and prints warnings. */
function calmTimers(queue: {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule();
  };
}

/** What is used of kafkajs' inside must be there; another version of it may have changed. */
function checkInternals(pool: ConnectionPool): void {
  if (typeof pool.send !== 'function' || pool.pool.length !== 2) throw internalsChanged('connection pool');
  for (const { requestQueue, rejectRequests } of pool.pool) {
    if (typeof requestQueue.scheduleCheckPendingRequests !== 'function')
      throw internalsChanged('request queue');
    if (typeof rejectRequests !== 'function') throw internalsChanged('connection');
  }
}

function internalsChanged(part: string): ConnectionError {
  return new ConnectionError(
    'unsupported',
    `The installed kafkajs is not the one Headwater was built with (${part}).`,
    'Install Headwater’s own dependencies again: npm ci.',
  );
}

const silent = (): void => undefined;
const silentLogger = {
  info: silent,
  warn: silent,
  error: silent,
  debug: silent,
  namespace: () => silentLogger,
};
