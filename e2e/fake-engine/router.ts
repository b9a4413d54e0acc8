import { implement } from '@orpc/server';
import { page } from '../../app/contract/page.ts';
import type { ConnectionDto } from '../../app/contract/page.ts';
import { connection, detail, row } from './build.ts';
import { sampleChoices } from './connections.ts';
import { fakeMembership, fakeWhy } from './explain.ts';
import { editKey } from './keys.ts';
import { kinds } from './kinds.ts';
import { sampleWaiting } from './topology.ts';
import type { World } from './world.ts';
import { orderTrace } from './order.ts';

const contract = implement(page);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Characters of a payload that come with the event. */
const first = 64 * 1024;

const systemOf = (url: string): 'kafka' | 'rabbitmq' | 'redis' | 'demo' | undefined =>
  url.startsWith('kafka')
    ? 'kafka'
    : /^amqps?:/.test(url)
      ? 'rabbitmq'
      : /^rediss?/.test(url)
        ? 'redis'
        : url.startsWith('demo:')
          ? 'demo'
          : undefined;

/** The contract, answered from a made-up world. A URL whose host holds `wrong` cannot be connected to. */
export function fakeRouter(world: World) {
  const changed = { connections: false, events: false, traceIds: [] as string[] };
  let waiting: (() => void)[] = [];
  const tell = (): void => {
    world.revision++;
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };
  const edit = (id: string, change: Partial<ConnectionDto>): void => {
    world.connections = world.connections.map((each) => (each.id === id ? { ...each, ...change } : each));
    changed.connections = true;
    tell();
  };
  const wrong = (url: string) => ({
    code: 'unreachable',
    message: `${new URL(url).host || url} does not answer (connection refused).`,
    remedy: 'See whether the broker runs there, and whether the port is right.',
  });

  const refused = {
    code: 'authentication',
    message: 'The broker refused the user or the password.',
    remedy: 'Check user and password.',
  };
  const notUndone = {
    code: 'authentication',
    message: 'What Headwater changed is still on the broker. Undo it by hand: rabbitmqctl trace_off -p /',
    remedy: 'Connect once more and then remove it, or remove it anyway.',
  };

  const router = contract.router({
    info: contract.info.handler(() => ({
      version: '0.1.0',
      instance: world.instance,
      events: world.total * 5,
      ...world.span,
      connections: world.connections.length,
      warnings: [],
    })),
    changes: contract.changes.handler(async ({ input, signal }) => {
      if (input.instance === world.instance && input.since >= world.revision)
        await Promise.race([
          new Promise<void>((resolve) => waiting.push(resolve)),
          pause(25_000),
          new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
        ]);
      const traceIds = changed.traceIds.splice(0);
      const { connections, events } = changed;
      changed.connections = false;
      changed.events = false;
      return {
        instance: world.instance,
        revision: world.revision,
        connections,
        events,
        traces: traceIds.length > 0,
        traceIds,
        more: false,
      };
    }),
    connections: {
      kinds: contract.connections.kinds.handler(() => kinds),
      list: contract.connections.list.handler(() => world.connections),
      test: contract.connections.test.handler(async ({ input }) => {
        await pause(400);
        const system = systemOf(input.url);
        if (!system || input.url.includes('wrong')) return { ok: false, problem: wrong(input.url) };
        return {
          ok: true,
          system,
          channels: input.url.includes('empty') ? [] : sampleChoices(system),
          sideEffects:
            system === 'rabbitmq'
              ? [
                  {
                    type: 'queue',
                    target: 'headwater.tap.*',
                    description: 'Create one exclusive, auto-deleted queue, holding at most 10,000 messages.',
                  },
                  {
                    type: 'binding',
                    target: 'payments → headwater.tap.*',
                    description: 'Bind it to each chosen exchange with #; every message is copied once more.',
                  },
                ]
              : [],
          notes: system === 'kafka' ? ['Kafka 4.3, 3 brokers. Reading without a consumer group.'] : [],
        };
      }),
      add: contract.connections.add.handler(({ input, errors }) => {
        const system = systemOf(input.url);
        if (!system)
          throw errors.REFUSED({
            message: 'Not a connection URL',
            data: {
              code: 'invalid-options',
              message: `No connector reads ${input.url}.`,
              remedy: 'Start with kafka://, amqp:// or redis://.',
            },
          });
        const id = `c${Date.now()}`;
        const failed = input.url.includes('wrong');
        world.connections = [
          ...world.connections,
          connection({
            id,
            name: input.name,
            system,
            url: input.url.replace(/:[^:@/]*@/, '@'),
            channels: input.channels,
            from: input.from,
            mask: input.mask,
            ...(failed ? { phase: 'failed', problem: wrong(input.url) } : {}),
          }),
        ];
        changed.connections = true;
        tell();
        return { id };
      }),
      change: contract.connections.change.handler(({ input: { id, url = '', ...change } }) => {
        if (url.includes('wrong')) {
          edit(id, { needsSecret: false, phase: 'failed', problem: refused });
          return { id };
        }
        edit(id, { ...change, needsSecret: false, phase: 'live', problem: undefined });
        return { id };
      }),
      discover: contract.connections.discover.handler(({ input }) =>
        sampleChoices(world.connections.find(({ id }) => id === input.id)?.system ?? 'kafka'),
      ),
      connect: contract.connections.connect.handler(({ input: { id } }) => {
        const stays = world.connections.find((c) => c.id === id)?.problem?.code === 'authentication';
        if (!stays) edit(id, { phase: 'live', problem: undefined });
      }),
      disconnect: contract.connections.disconnect.handler(({ input }) =>
        edit(input.id, { phase: 'disconnected', rate: 0, sideEffects: [] }),
      ),
      remove: contract.connections.remove.handler(({ input, errors }) => {
        const found = world.connections.find(({ id }) => id === input.id);
        if (found?.phase === 'failed' && found.sideEffects.length > 0 && !input.anyway)
          throw errors.REFUSED({ message: notUndone.message, data: notUndone });
        world.connections = world.connections.filter(({ id }) => id !== input.id);
        changed.connections = true;
        tell();
      }),
    },
    lookBack: {
      start: contract.lookBack.start.handler(({ input }) => {
        const id = `l${world.lookBacks.length}`;
        const job = { id, key: input.key, matched: 0, connection: 'c1', channel: 'orders' };
        const at = (scanned: number, state: 'running' | 'done', matched: number) => ({
          id,
          key: job.key,
          from: input.from,
          to: input.to,
          state,
          matched,
          parts: [
            {
              connection: job.connection,
              channel: job.channel,
              partition: 3,
              scanned,
              total: 200_000,
              matched,
              note: 'Only the partition that the key hashes to',
            },
            {
              connection: 'c3',
              channel: 'shipments',
              scanned: Math.min(scanned, 40_000),
              total: 40_000,
              matched: 0,
            },
          ],
        });
        // One order is there to be found.
        const found = (scanned: number): number => (job.key.endsWith('888') && scanned >= 200_000 ? 6 : 0);
        world.lookBacks = [at(0, 'running', 0), ...world.lookBacks];
        void (async () => {
          for (let scanned = 20_000; scanned <= 200_000; scanned += 20_000) {
            await pause(300);
            const running = world.lookBacks.find((each) => each.id === id)?.state === 'running';
            if (!running) return;
            world.lookBacks = world.lookBacks.map((each) =>
              each.id === id ? at(scanned, scanned < 200_000 ? 'running' : 'done', found(scanned)) : each,
            );
          }
          if (found(200_000) === 0) return;
          world.fresh.push(orderTrace('looked-for', '888', Date.now() - 86_400_000));
          changed.events = true;
          changed.traceIds.push('looked-for');
          tell();
        })();
        return { id };
      }),
      list: contract.lookBack.list.handler(() => world.lookBacks),
      cancel: contract.lookBack.cancel.handler(({ input }) => {
        world.lookBacks = world.lookBacks.map((each) =>
          each.id === input.id ? { ...each, state: 'cancelled' } : each,
        );
      }),
    },
    traces: {
      list: contract.traces.list.handler(({ input }) => world.search(input)),
      announced: contract.traces.announced.handler(() => world.announced()),
      get: contract.traces.get.handler(({ input, errors }) => {
        const trace = world.find(input.id === 'merged' ? 'order' : input.id);
        if (!trace)
          throw errors.NOT_FOUND({
            message: `There is no trace ${input.id}.`,
            data: { remedy: 'It may have been dropped by retention; search for its key.' },
          });
        return detail(trace);
      }),
    },
    events: {
      list: contract.events.list.handler(
        ({ input }) => world.large?.tail(input, Date.now()) ?? world.tail.list(input),
      ),
      histogram: contract.events.histogram.handler(({ input }) => world.tail.histogram(input)),
      get: contract.events.get.handler(({ input, errors }) => {
        const trace = world.find(input.id);
        const found = world.event(input.id);
        if (!trace || !found)
          throw errors.NOT_FOUND({
            message: `There is no event ${input.id}.`,
            data: { remedy: 'It may have been dropped by retention.' },
          });
        const { head } = found;
        const other = (id: string) => world.event(id)?.head ?? head;
        return {
          head,
          connection: head.channel.system === 'kafka' ? 'Orders cluster' : 'Payments',
          observedAt: head.time + 12,
          ...(head.channel.system === 'rabbitmq'
            ? {
                routingKey: head.type ?? '',
                properties: { message_id: head.id, delivery_mode: 2 },
                notes: { vhost: 'shop', user: 'payments' },
              }
            : {}),
          headers: found.headers.map(([name, value]) => ({ name, value, encoding: 'text' as const })),
          problems: [...found.problems],
          payload: {
            format: head.format,
            text: found.payload.slice(0, first),
            encoding: found.encoding,
            size: head.size,
            length: found.payload.length,
            unwrapped: head.id.endsWith('placed') ? ['gzip', 'cloudevents'] : [],
          },
          keys: head.keys.map((key, index) => ({
            ...key,
            origin: index ? 'header' : 'payload',
            path: index ? 'correlation-id' : 'orderId',
            role: 'joins' as const,
          })),
          deliveries: trace.deliveries.filter(({ event }) => event === head.id),
          links: trace.links
            .filter(({ from, to }) => from === head.id || to === head.id)
            .map((link) => ({ ...link, other: other(link.from === head.id ? link.to : link.from) })),
          cut: world.edits
            .cut(head.id)
            .map((link) => ({ ...link, other: other(link.from === head.id ? link.to : link.from) })),
          traces: [row(trace)],
        };
      }),
      payload: contract.events.payload.handler(({ input }) => {
        const payload = world.event(input.id)?.payload ?? '';
        return { text: payload.slice(input.start, input.end), length: payload.length };
      }),
    },
    links: {
      explain: contract.links.explain.handler(async ({ input, errors }) => {
        const [a, b] = [world.event(input.a)?.head, world.event(input.b)?.head];
        const trace = world.find(input.a);
        if (!a || !b || !trace || b.id.endsWith('-withdrawn'))
          throw errors.NOT_FOUND({
            message: 'One of the two events is not in the store.',
            data: { remedy: 'It may have been removed by the size limit, or belong to another store.' },
          });
        return fakeWhy(world.edits, trace, [a, b]);
      }),
      edit: contract.links.edit.handler(({ input: { from, to, action }, errors }) => {
        if (to.endsWith('-moved'))
          throw errors.REFUSED({
            message: 'No',
            data: { code: 'internal', message: 'The store cannot be written.', remedy: 'Free some space.' },
          });
        world.edits.set(from, to, action);
        const trace = world.find(to)?.id;
        if (trace !== undefined) changed.traceIds.push(trace);
        tell();
        return { trace };
      }),
      membership: contract.links.membership.handler(({ input, errors }) => {
        const head = world.event(input.event)?.head;
        const trace = world.find(input.trace);
        if (head && trace) return fakeMembership(trace, head);
        throw errors.NOT_FOUND({
          message: 'This event or this trace is not in the store.',
          data: { remedy: 'It may have been removed by the size limit.' },
        });
      }),
    },
    keys: {
      list: contract.keys.list.handler(() => world.keys),
      edit: contract.keys.edit.handler(({ input }) => {
        world.keys = editKey(world.keys, input.name, input.action);
      }),
    },
    topology: contract.topology.handler(({ input }) => world.topology(Date.now(), input)),
    waiting: contract.waiting.handler(({ input, errors }) => {
      const found = sampleWaiting(world.tail, input, world.fresh.length, Date.now());
      if (!found)
        throw errors.NOT_FOUND({
          message: 'This consumer does not read this channel any more.',
          data: { remedy: 'Look at the map again.' },
        });
      return found;
    }),
    captures: {
      save: contract.captures.save.handler(({ input }) => ({
        id: world.captures.save(input.name, world.total * 5),
      })),
      list: contract.captures.list.handler(() => world.captures.jobs),
      cancel: contract.captures.cancel.handler(({ input }) => world.captures.cancel(input.id)),
    },
  });
  return {
    router,
    /** One event more of the trace `growing` arrives. */
    extend(): void {
      world.extend();
      changed.events = true;
      changed.traceIds.push('growing');
      tell();
    },
    /** Something was recorded. */
    stir(): void {
      changed.events = true;
      tell();
    },
    /** So many events arrive at once. */
    burst(count: number): void {
      changed.traceIds.push(...world.burst(count));
      changed.events = true;
      tell();
    },
    /** A new order arrives; answers with its key's value. */
    grow(): string {
      const { id, order } = world.grow();
      changed.events = true;
      changed.traceIds.push(id);
      tell();
      return order;
    },
  };
}
