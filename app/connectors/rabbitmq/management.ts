import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { networkProblem } from '../../base/network-error.ts';
import { ConnectionError } from '../../model/source.ts';
import {
  bindingSchema,
  connectionSchema,
  consumerSchema,
  exchangeSchema,
  policySchema,
  queueSchema,
  vhostSchema,
  whoamiSchema,
  type ClientConnection,
  type Consumer,
  type Exchange,
  type ExchangeBinding,
  type Policy,
  type Queue,
  type Vhost,
} from './management-schema.ts';
import type { RabbitmqSettings } from './options.ts';

/** RabbitMQ's management API: reads, and the one write that Headwater does, tracing. Every call may throw `ConnectionError`. */
export interface Management {
  whoami(): Promise<{ readonly name: string; readonly tags: readonly string[] }>;
  /** @throws ConnectionError `not-found` where there is none, or none that the user may see. */
  vhost(): Promise<Vhost>;
  /** Switches tracing of the virtual host; sends description, tags and default queue type back, which it would erase. */
  setTracing(on: boolean): Promise<void>;
  exchanges(): Promise<readonly Exchange[]>;
  queues(): Promise<readonly Queue[]>;
  bindings(): Promise<readonly ExchangeBinding[]>;
  consumers(): Promise<readonly Consumer[]>;
  connections(): Promise<readonly ClientConnection[]>;
  policies(): Promise<readonly Policy[]>;
}

/** How a client of the management API waits. */
export interface Patience {
  /** For an answer, ms. */
  readonly timeoutMs?: number;
  /** Ends reads that are under way; a write that was begun is finished. */
  readonly signal?: AbortSignal;
}

/** Makes a client of the management API at `url`; touches nothing yet. */
export function createManagement(url: URL, s: RabbitmqSettings, patience: Patience = {}): Management {
  const { timeoutMs = 5_000, signal } = patience;
  const vhost = encodeURIComponent(s.vhost);
  const authorization = `Basic ${Buffer.from(`${s.user}:${s.password}`).toString('base64')}`;

  async function call(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<string> {
    const limits = [AbortSignal.timeout(timeoutMs), ...(signal && method === 'GET' ? [signal] : [])];
    const answer = await send(new URL(`api/${path}`, url), {
      method,
      signal: AbortSignal.any(limits),
      authorization,
      ca: s.ca,
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch((error: unknown) => {
      throw networkFailure(error, url);
    });
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    throw statusFailure(answer.status, answer.text, path, url, s);
  }

  async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const text = await call('GET', path);
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new ConnectionError(
        'wrong-protocol',
        `${url.origin} does not answer as RabbitMQ's management API does.`,
        'Check the option management; the API is usually at port 15672.',
        { cause },
      );
    }
  }

  /** Out of the list: asking for one by its name is an administrator's right. */
  async function readVhost(): Promise<Vhost> {
    const all = await get(
      'vhosts?columns=name,description,tags,default_queue_type,tracing',
      z.array(vhostSchema),
    );
    const found = all.find(({ name }) => name === s.vhost);
    if (found) return found;
    throw new ConnectionError(
      'not-found',
      `${url.origin} knows no virtual host ${s.vhost} that ${s.user} may see.`,
      'Check the part of the URL after the port; the default virtual host is "/", written as nothing or %2f.',
    );
  }

  const columns = (names: string) => `?columns=${names}&disable_stats=true`;
  return {
    whoami: () => get('whoami', whoamiSchema),
    vhost: readVhost,
    async setTracing(on) {
      const now = await readVhost();
      const tags = Array.isArray(now.tags) ? now.tags.join(',') : now.tags;
      const queueType = now.default_queue_type === 'undefined' ? undefined : now.default_queue_type;
      await call('PUT', `vhosts/${vhost}`, {
        tracing: on,
        description: now.description,
        tags,
        default_queue_type: queueType,
      });
    },
    exchanges: () =>
      get(
        `exchanges/${vhost}${columns('name,type,internal,auto_delete,arguments,policy')}`,
        z.array(exchangeSchema),
      ),
    queues: () =>
      get(
        `queues/${vhost}?columns=name,type,exclusive,arguments,effective_policy_definition,messages_ready,messages_unacknowledged,consumers`,
        z.array(queueSchema),
      ),
    bindings: () => get(`bindings/${vhost}`, z.array(bindingSchema)),
    consumers: () => get(`consumers/${vhost}`, z.array(consumerSchema)),
    connections: () => get('connections?columns=name,client_properties', z.array(connectionSchema)),
    policies: () => get(`policies/${vhost}`, z.array(policySchema)),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Not `fetch`: that cannot be told which certificate authority to trust. */
function send(
  url: URL,
  options: {
    readonly method: string;
    readonly authorization: string;
    readonly ca: string | undefined;
    readonly body: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Answer> {
  const { method, authorization, ca, body, signal } = options;
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = start(url, {
      method,
      ca,
      signal,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
  });
}

function networkFailure(error: unknown, url: URL): ConnectionError {
  const aborted = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
  const problem = aborted ? 'timeout' : networkProblem(error);
  const remedy = 'Check that the management plugin is enabled, and the option management=http://host:15672.';
  const why = {
    unreachable: 'nothing listens there',
    'host-not-found': 'that host is not known',
    timeout: 'it did not answer in time',
    tls: 'TLS failed; add ?ca=/path/to/ca.pem to the URL, with the certificate of its authority',
    'wrong-protocol': 'it does not speak HTTPS',
    other: 'it does not speak HTTP as expected',
  }[problem ?? 'other'];
  return new ConnectionError(
    problem ?? 'wrong-protocol',
    `RabbitMQ's management API at ${url.origin} cannot be used: ${why}.`,
    remedy,
    { cause: error },
  );
}

function statusFailure(
  status: number,
  text: string,
  path: string,
  url: URL,
  s: RabbitmqSettings,
): ConnectionError {
  // Both a wrong password and a missing tag answer 401; the reason tells them apart.
  const untagged = /not.management.user|not_authori[sz]ed.*(management|monitor|admin)/i.test(text);
  if (status === 401 && !untagged) {
    return new ConnectionError(
      'authentication',
      `RabbitMQ's management API at ${url.origin} refuses the user ${s.user} or the password.`,
      'Check user and password.',
    );
  }
  if (status === 401 || status === 403) {
    return new ConnectionError(
      'authorization',
      `The user ${s.user} may not ask ${url.origin} for ${path.replace(/\?.*/, '')}.`,
      `An administrator can allow it: rabbitmqctl set_user_tags ${s.user} monitoring`,
    );
  }
  if (status === 404) {
    return new ConnectionError(
      'not-found',
      `RabbitMQ's management API at ${url.origin} does not know ${path.replace(/\?.*/, '')}.`,
      'Check the virtual host and the option management.',
    );
  }
  return new ConnectionError(
    'internal',
    `RabbitMQ's management API at ${url.origin} answered with status ${status}.`,
    'Try again; see the log of the broker.',
    { retryable: true },
  );
}
