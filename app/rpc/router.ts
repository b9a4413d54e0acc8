import { implement, ORPCError } from '@orpc/server';
import { page } from '../contract/page.ts';
import { ConnectionError } from '../model/source.ts';
import type { ConnectorDescription } from '../model/source.ts';
import type { Recorder } from '../pipeline/recorder.ts';
import type { Supervisor } from '../pipeline/supervisor.ts';
import {
  announcedTraces,
  eventHistogram,
  eventPayload,
  getEvent,
  getTrace,
  listEvents,
  listTraces,
  topology,
  waiting,
} from '../query/index.ts';
import type { TraceStore } from '../store/trace-store.ts';
import type { Captures } from './captures.ts';
import { createGate } from './gate.ts';
import type { RevisionLog } from './revision-log.ts';

/** A service of another thread: what it returns comes as a promise. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : Remote<T[K]>;
};

/** What the contract is served from. Getters, since a worker that died is replaced by another. */
export interface RouterDeps {
  readonly version: string;
  readonly kinds: readonly (Omit<ConnectorDescription, 'options'> & {
    readonly options: Record<string, unknown>;
  })[];
  readonly store: () => TraceStore;
  readonly supervisor: () => Remote<Supervisor>;
  readonly editLinks: Recorder['editLinks'];
  readonly revisions: RevisionLog;
  readonly warnings: () => readonly string[];
  readonly captures: Captures;
  /** Forgets all that was recorded, if it all came from this connection. No other call may be under way. */
  readonly forgetRecorded: (connection: string) => Promise<void>;
}

/** Implements the page's contract. Expected failures carry a remedy; others say that the fault is ours. */
export function createRouter(deps: RouterDeps) {
  const gate = createGate();
  const os = implement(page).use(async ({ next, path }) => {
    try {
      // Who waits for changes asks no thread, and would be waited for.
      if (path.at(-1) === 'changes') return await next();
      return await gate.pass(async () => next());
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      if (error instanceof ConnectionError) {
        const { code, message, remedy } = error;
        throw new ORPCError('REFUSED', { message, data: { code, message, remedy } });
      }
      const message = error instanceof Error ? error.message : String(error);
      throw new ORPCError('INTERNAL_SERVER_ERROR', { message, cause: error });
    }
  });
  const { supervisor, store, revisions } = deps;

  const notFound = (what: string) =>
    new ORPCError('NOT_FOUND', {
      message: `${what} is not in the store.`,
      data: { remedy: 'It may have been removed by the size limit, or belong to another store.' },
    });

  return os.router({
    info: os.info.handler(async () => {
      const state = await store().state();
      const connections = await supervisor().list();
      return {
        version: deps.version,
        instance: revisions.instance,
        events: state.events,
        ...(state.first !== undefined && { first: state.first, last: state.last }),
        connections: connections.length,
        warnings: [...deps.warnings(), ...(await supervisor().leftBehind()), ...state.warnings],
      };
    }),
    changes: os.changes.handler(({ input, signal }) => revisions.since(input.instance, input.since, signal)),
    connections: {
      // The demo is no broker to connect to: the page offers it in its own way.
      kinds: os.connections.kinds.handler(() =>
        deps.kinds.flatMap(({ system, protocols, ...kind }) =>
          system === 'demo' ? [] : [{ ...kind, system, protocols: [...protocols] }],
        ),
      ),
      list: os.connections.list.handler(async () => mutable(await supervisor().list())),
      test: os.connections.test.handler(async ({ input }) => {
        const result = await supervisor().test(input.url);
        if (!result.ok) return result;
        return mutable({
          ...result,
          channels: result.channels.map((c) => ({ ...c, internal: c.internal ?? false })),
        });
      }),
      add: os.connections.add.handler(async ({ input }) => ({ id: await supervisor().add(input) })),
      change: os.connections.change.handler(async ({ input: { id, ...rest } }) => {
        await supervisor().change(id, rest);
        return { id };
      }),
      discover: os.connections.discover.handler(async ({ input }) =>
        mutable(
          (await supervisor().discover(input.id)).map((c) => ({ ...c, internal: c.internal ?? false })),
        ),
      ),
      connect: os.connections.connect.handler(({ input }) => supervisor().connect(input.id)),
      disconnect: os.connections.disconnect.handler(({ input }) => supervisor().disconnect(input.id)),
      remove: os.connections.remove.handler(async ({ input: { id, anyway, withRecorded = false } }) => {
        await supervisor().remove(id, { anyway });
        if (withRecorded) await gate.alone(() => deps.forgetRecorded(id));
      }),
    },
    lookBack: {
      start: os.lookBack.start.handler(async ({ input }) => ({
        id: await supervisor().lookBack.start(input),
      })),
      list: os.lookBack.list.handler(async () => mutable(await supervisor().lookBack.list())),
      cancel: os.lookBack.cancel.handler(({ input }) => supervisor().lookBack.cancel(input.id)),
    },
    keys: {
      list: os.keys.list.handler(async () => mutable(await supervisor().keys.list())),
      edit: os.keys.edit.handler(({ input }) =>
        supervisor().keys.edit([{ kind: 'key-edit', ...input, at: Date.now() }]),
      ),
    },
    traces: {
      list: os.traces.list.handler(({ input }) => listTraces(store(), input, Date.now())),
      announced: os.traces.announced.handler(async ({ input }) =>
        announcedTraces(await supervisor().announced(input.connection), Date.now()),
      ),
      get: os.traces.get.handler(async ({ input }) => {
        const found = await getTrace(store(), input.id, Date.now(), supervisor().clockOffsets());
        if (!found) throw notFound(`Trace ${input.id}`);
        return found;
      }),
    },
    events: {
      list: os.events.list.handler(({ input }) => listEvents(store(), input, Date.now())),
      histogram: os.events.histogram.handler(({ input }) => eventHistogram(store(), input, Date.now())),
      get: os.events.get.handler(async ({ input }) => {
        const found = await getEvent(store(), input.id, Date.now());
        if (!found) throw notFound(`Event ${input.id}`);
        return found;
      }),
      payload: os.events.payload.handler(async ({ input }) => {
        const found = await eventPayload(store(), input.id, input.start, input.end);
        if (!found) throw notFound(`Event ${input.id}`);
        return found;
      }),
    },
    links: {
      explain: os.links.explain.handler(async ({ input: { a, b, trace } }) => {
        if (a === b) throw new ORPCError('REFUSED', { message: oneEvent.message, data: oneEvent });
        const found = await supervisor().links.explain([a, b], trace);
        if (!found) throw notFound('One of the two events');
        return mutable(found);
      }),
      edit: os.links.edit.handler(async ({ input: { from, to, action } }) => {
        if (from === to) throw new ORPCError('REFUSED', { message: oneEvent.message, data: oneEvent });
        const [cause, effect] = await Promise.all([store().event(from), store().event(to)]);
        // What was said of an event that is gone can still be taken back.
        if ((!cause || !effect) && action !== 'undo') throw notFound('One of the two events');
        await deps.editLinks([{ kind: 'link-edit', from, to, action, at: Date.now() }]);
        const traces = (await store().event(to))?.traces ?? [];
        return { trace: traces[0]?.id };
      }),
      membership: os.links.membership.handler(async ({ input: { event, trace } }) => {
        const found = await supervisor().links.membership(event, trace);
        if (!found) throw notFound('This event or this trace');
        if (found !== 'notThere') return mutable(found);
        throw new ORPCError('NOT_FOUND', {
          message: 'This event is not in this trace by what is known now.',
          data: { remedy: 'More was recorded since it was worked out; look at the trace again in a moment.' },
        });
      }),
    },
    topology: os.topology.handler(async ({ input }) => topology(store(), await supervisor().rates(), input)),
    waiting: os.waiting.handler(async ({ input }) => {
      const found = await waiting(store(), input);
      if (found) return found;
      throw new ORPCError('NOT_FOUND', {
        message: 'This consumer does not read this channel.',
        data: { remedy: 'The wiring may have changed since; look at the map again.' },
      });
    }),
    captures: {
      save: os.captures.save.handler(({ input }) => ({ id: deps.captures.save(input) })),
      list: os.captures.list.handler(() => deps.captures.list()),
      cancel: os.captures.cancel.handler(({ input }) => {
        deps.captures.cancel(input.id);
      }),
    },
  });
}

const oneEvent = {
  code: 'invalid-options',
  message: 'A link is between two events, and this is one.',
  remedy: 'Choose another event.',
};

type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** The contract's types come from zod and are mutable; ours are not. They are the same data. */
function mutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}
