import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ConnectionError } from '../model/source.ts';
import type {
  ChannelInfo,
  Connector,
  ConnectorDescription,
  SideEffect,
  SourceConfig,
  StartFrom,
} from '../model/source.ts';
import type { ClockOffset } from '../model/clock.ts';
import type { MembershipExplanation, PairExplanation } from '../model/explanation.ts';
import type { KeyEdit } from '../model/key-edit.ts';
import type { KeyReport } from '../model/key-report.ts';
import type { Mask } from '../model/mask.ts';
import type { Channel } from '../model/message.ts';
import type { TraceSummary } from '../model/trace.ts';
import type { TraceStore } from '../store/trace-store.ts';
import {
  createConnection,
  notUndone,
  type Connection,
  type ConnectionConfig,
  type ConnectionProblem,
  type ConnectionView,
  type LeftOver,
} from './connection.ts';
import { openConnectionBook } from './connection-book.ts';
import {
  brokerOf,
  hostOf,
  protocolOf,
  queryOf,
  secretFromEnvironment,
  splitSecret,
  wantsSecret,
} from './connection-url.ts';
import { createFileReading, type FileOpener } from './file-reading.ts';
import { openJournal } from './journal.ts';
import { createLookBacks, type LookBacks } from './look-back.ts';
import { createMaskingRecorder, maskerOf } from './masking-recorder.ts';
import type { ProducerRate } from './producer-rates.ts';
import { explainMembership, explainPair } from './explain.ts';
import type { Recorder } from './recorder.ts';
import { openSecrets, type SecretStore } from './secret-store.ts';

/** What the user gives to add or change a connection. The URL may hold a password, which is taken out at once. */
export interface ConnectionInput {
  readonly name: string;
  readonly url: string;
  readonly channels: 'all' | readonly string[];
  readonly from: StartFrom;
  /** What of its events is masked before it is written; nothing where it is left out. */
  readonly mask?: Mask;
}

export interface Rates {
  readonly channels: readonly { readonly channel: Channel; readonly rate: number }[];
  readonly producers: readonly ProducerRate[];
}

export type TestResult =
  | {
      readonly ok: true;
      readonly system: ConnectorDescription['system'];
      readonly channels: readonly ChannelInfo[];
      readonly sideEffects: readonly SideEffect[];
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problem: ConnectionProblem };

/** All connections: adds, changes, starts, stops them, and brings back at start what was connected before. */
export interface Supervisor {
  list(): readonly ConnectionView[];
  /** What moves on live connections: events a second over the last ten seconds, by channel, and by who published them there. */
  rates(): Rates;
  test(url: string): Promise<TestResult>;
  add(input: ConnectionInput): Promise<string>;
  /**
   * Reads a file of messages as a connection of its own; resolves with its id at once.
   * @param isCopy the file was sent here to be read: it is removed once it was.
   */
  addFile(name: string, path: string, isCopy?: boolean): Promise<string>;
  /** Resolves when a file's reading has ended, with what went wrong, if something did. */
  fileEnded(id: string): Promise<ConnectionProblem | undefined>;
  /** What a capture that is being read says of its traces; nothing once they are in the store. */
  announced(id: string): readonly TraceSummary[];
  change(id: string, input: Partial<ConnectionInput>): Promise<void>;
  discover(id: string): Promise<readonly ChannelInfo[]>;
  connect(id: string): Promise<void>;
  disconnect(id: string): Promise<void>;
  /**
   * Disconnects, undoes what is left on the broker and forgets. Refused while something cannot be undone, unless
   * `anyway`: then its note is kept, for the next connection to that broker.
   */
  remove(id: string, options?: { readonly anyway?: boolean }): Promise<void>;
  /** What removed connections left on brokers, in sentences that say how to undo it. */
  leftBehind(): readonly string[];
  lookBack: {
    start(request: {
      key: string;
      from?: number;
      to?: number;
      connections?: readonly string[];
    }): Promise<string>;
  } & Pick<LookBacks, 'list' | 'cancel'>;
  links: {
    /** Why there is a link between two events, or none; undefined where one of them is not in the store. */
    explain(pair: readonly [string, string], trace?: string): Promise<PairExplanation | undefined>;
    /** Why an event is in a trace; undefined where one of them is not in the store. */
    membership(event: string, trace: string): Promise<MembershipExplanation | 'notThere' | undefined>;
  };
  keys: {
    /** Which names hold keys, or may, and why. */
    list(): KeyReport;
    /** Resolves once it is kept, and traces show it. */
    edit(edits: readonly KeyEdit[]): Promise<void>;
  };
  /** Which clocks are proven to differ, and how far. */
  clockOffsets(): readonly ClockOffset[];
  /** Disconnects everything; what was connected is connected again by the next run. */
  close(): Promise<void>;
}

export interface SupervisorOptions {
  readonly dir: string;
  readonly connectors: readonly Connector[];
  readonly openFile: FileOpener;
  readonly store: TraceStore;
  readonly recorder: Recorder;
  /** Without one, passwords are held in memory only. */
  readonly secretStore?: SecretStore;
  readonly onChange: () => void;
  readonly onProblem: (message: string) => void;
}

const testTimeoutMs = 10_000;

export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { connectors, store, onChange } = options;
  const recorder = createMaskingRecorder(options.recorder);
  const book = await openConnectionBook(join(options.dir, 'connections.json'), options.onProblem);
  const journal = await openJournal(join(options.dir, 'side-effects.json'));
  const secrets = await openSecrets(
    options.secretStore,
    book.all.filter((c) => c.hasSecret ?? wantsSecret(c.url)).map((c) => c.id),
    options.onProblem,
  );
  const live = new Map<string, Connection>();
  const files = createFileReading(options.openFile, recorder, store, onChange);
  const lookBacks = createLookBacks(recorder, onChange);

  const find = (id: string): ConnectionConfig => {
    const config = book.all.find((c) => c.id === id);
    if (!config)
      throw new ConnectionError('not-found', 'There is no such connection any more.', 'Reload the page.');
    return config;
  };

  const needsSecret = (config: ConnectionConfig) =>
    (config.hasSecret ?? wantsSecret(config.url)) && secrets.placeOf(config.id) === undefined;

  function connectorFor(url: string): Connector {
    const protocol = protocolOf(url);
    const connector = connectors.find((c) => c.description.protocols.includes(protocol));
    if (connector) return connector;
    const brokers = connectors.filter((c) => c.description.system !== 'demo');
    const examples = brokers.map((c) => c.description.example).join(', ');
    throw new ConnectionError(
      'invalid-options',
      protocol === ''
        ? 'That is not a connection URL.'
        : `Headwater does not know the protocol ${protocol}://.`,
      `Use one of these forms: ${examples}.`,
    );
  }

  async function configFor(config: ConnectionConfig, secret: string | undefined): Promise<SourceConfig> {
    return {
      connection: config.id,
      url: config.url,
      secret: secret ?? (await secretFromEnvironment(config.url)),
      cluster: config.cluster,
      journal: journal.for(config.id, brokerOf(config.url)),
      now: Date.now,
    };
  }

  /** Two brokers of one system must not share a cluster name, or their positions would name the same events. */
  function clusterFor(url: string): string {
    const named = queryOf(url).get('cluster');
    if (named !== null && named !== '') return named;
    const { system } = connectorFor(url).description;
    const others = book.all.filter(
      (c) => connectorFor(c.url).description.system === system && hostOf(c.url) !== hostOf(url),
    );
    return others.some((c) => c.cluster === 'default') ? hostOf(url).replace(/[^\w.-]+/g, '-') : 'default';
  }

  function connection(id: string): Connection {
    let found = live.get(id);
    if (!found) {
      found = createConnection(() => find(id), {
        connector: connectorFor(find(id).url),
        sourceConfig: () => configFor(find(id), secrets.get(id)),
        leftOver: () => leftOver(id),
        store,
        recorder,
        onChange,
      });
      live.set(id, found);
    }
    return found;
  }

  /** A mask that was spoilt on disk must not mean that nothing is masked. */
  function applyMask({ id, mask }: ConnectionConfig): void {
    try {
      recorder.mask(id, mask);
    } catch (error) {
      recorder.refuse(id, error);
    }
  }

  async function restart(id: string): Promise<void> {
    await connection(id).stop();
    live.delete(id);
    applyMask(find(id));
    if (find(id).wanted && !needsSecret(find(id))) connection(id).start();
    onChange();
  }

  const isOn = (id: string) =>
    !['disconnected', 'failed', 'done'].includes(live.get(id)?.status().phase ?? 'disconnected');

  /** What is to be undone before this connection reads: its own, and what others left on its broker that do not run. */
  function leftOver(id: string): readonly LeftOver[] {
    const broker = brokerOf(find(id).url);
    return journal.entries
      .filter((e) => e.connection === id || (e.broker === broker && !isOn(e.connection)))
      .map(({ connection: owner, effect }) => ({ effect, done: () => journal.for(owner).done(effect) }));
  }

  /** Undoes what is on a broker whose connection is about to be forgotten. @throws ConnectionError what could not be */
  async function cleanUp(config: ConnectionConfig): Promise<void> {
    for (const { connection: owner, effect } of journal.entries) {
      if (owner !== config.id) continue;
      try {
        const sourceConfig = await configFor(config, secrets.get(config.id));
        await connectorFor(config.url).undo?.(sourceConfig, effect, AbortSignal.timeout(testTimeoutMs));
      } catch (error) {
        throw new ConnectionError(
          error instanceof ConnectionError ? error.code : 'internal',
          notUndone(effect, error),
          'Connect once more and then remove it, or remove it anyway: the next connection to this broker undoes it.',
          { cause: error },
        );
      }
      await journal.for(config.id).done(effect);
    }
  }

  for (const config of book.all) applyMask(config);
  for (const config of book.all) if (config.wanted && !needsSecret(config)) connection(config.id).start();

  return {
    list: () => [
      ...book.all.map((config) => ({
        ...connection(config.id).status(),
        id: config.id,
        name: config.name,
        system: connectorFor(config.url).description.system,
        url: config.url,
        channels: config.channels,
        from: config.from,
        sideEffects: journal.entries.filter((e) => e.connection === config.id).map((e) => e.effect),
        needsSecret: needsSecret(config),
        secretIn: secrets.placeOf(config.id),
        mask: config.mask,
      })),
      ...files.list(),
    ],
    rates: () => ({
      channels: [...live.values()].flatMap((each) => each.status().active),
      producers: recorder.producerRates(),
    }),
    links: {
      explain: (pair, trace) => explainPair(store, recorder.known(), pair, trace),
      membership: (event, trace) => explainMembership(store, recorder.known(), event, trace),
    },
    clockOffsets: () => recorder.clockOffsets(),
    keys: { list: () => recorder.keys(), edit: (edits) => recorder.editKeys(edits) },
    async test(given) {
      const signal = AbortSignal.timeout(testTimeoutMs);
      try {
        const { url, secret } = splitSecret(given.trim());
        const connector = connectorFor(url);
        const config: ConnectionConfig = {
          id: `test-${randomUUID()}`,
          name: 'test',
          url,
          cluster: clusterFor(url),
          channels: 'all',
          from: 'latest',
          wanted: false,
        };
        const source = await connector.open(await configFor(config, secret), signal);
        try {
          const channels = await source.discover(signal);
          const sideEffects = await source.sideEffects('all');
          return { ok: true, system: connector.description.system, channels, sideEffects, notes: [] };
        } finally {
          await source.close();
        }
      } catch (error) {
        return { ok: false, problem: problemOf(error, signal) };
      }
    },
    async add(input) {
      const { url, secret } = splitSecret(input.url.trim());
      const { description, identify } = connectorFor(url);
      maskerOf(input.mask);
      const id = identify?.(url) ?? randomUUID();
      if (secret !== undefined) await secrets.put(id, secret);
      await book.put({
        id,
        name: input.name.trim() || hostOf(url) || description.title,
        url,
        cluster: clusterFor(url),
        channels: input.channels,
        from: input.from,
        wanted: true,
        hasSecret: secret !== undefined || wantsSecret(url),
        mask: input.mask,
      });
      await restart(id);
      return id;
    },
    addFile: (name, path, isCopy) => Promise.resolve(files.add(name, path, isCopy)),
    fileEnded: files.ended,
    announced: files.announced,
    async change(id, input) {
      const before = find(id);
      const given = input.url === undefined ? undefined : splitSecret(input.url.trim());
      if (given) connectorFor(given.url);
      maskerOf(input.mask);
      if (given?.secret !== undefined) await secrets.put(id, given.secret);
      else if (given && !wantsSecret(given.url)) await secrets.remove(id);
      await book.put({
        ...before,
        name: input.name ?? before.name,
        url: given?.url ?? before.url,
        channels: input.channels ?? before.channels,
        from: input.from ?? before.from,
        mask: input.mask ?? before.mask,
        wanted: true,
        hasSecret: given ? given.secret !== undefined || wantsSecret(given.url) : before.hasSecret,
      });
      await restart(id);
    },
    async discover(id) {
      const { source } = connection(id);
      const signal = AbortSignal.timeout(testTimeoutMs);
      if (source) return source.discover(signal);
      const config = find(id);
      const opened = await connectorFor(config.url).open(await configFor(config, secrets.get(id)), signal);
      try {
        return await opened.discover(signal);
      } finally {
        await opened.close();
      }
    },
    async connect(id) {
      await book.put({ ...find(id), wanted: true });
      await restart(id);
    },
    async disconnect(id) {
      if (files.remove(id, false)) return;
      await book.put({ ...find(id), wanted: false });
      await connection(id).stop();
      onChange();
    },
    async remove(id, { anyway = false } = {}) {
      if (files.remove(id, true)) return;
      await connection(id).stop();
      await cleanUp(find(id)).catch((error: unknown) => {
        if (!anyway) throw error;
      });
      live.delete(id);
      await secrets.remove(id);
      await book.remove(id);
      onChange();
    },
    leftBehind: () =>
      journal.entries
        .filter(({ connection: owner }) => !book.all.some((c) => c.id === owner))
        .map(
          ({ effect, broker = effect.target }) =>
            `A connection that was removed left something on ${broker}. ${effect.description} ` +
            'The next connection to this broker undoes it' +
            (effect.undoByHand === undefined ? '.' : `; by hand: ${effect.undoByHand}`),
        ),
    lookBack: {
      async start({ key, from, to, connections }) {
        const chosen = book.all.filter((c) => connections?.includes(c.id) ?? true);
        const sources = chosen.flatMap((config) => {
          const { source } = connection(config.id);
          return source?.lookBack ? [{ connection: config.id, source, channels: config.channels }] : [];
        });
        if (sources.length === 0) {
          throw new ConnectionError(
            'unsupported',
            'No connected system keeps a past that can be scanned.',
            'Connect to Kafka or Redis: their topics and streams can be read again; RabbitMQ and pub/sub keep nothing.',
          );
        }
        for (const { connection: id } of sources) await book.put({ ...find(id), mayRepeat: true });
        return lookBacks.start({ key, from, to }, sources);
      },
      list: lookBacks.list,
      cancel: lookBacks.cancel,
    },
    async close() {
      await lookBacks.close();
      await files.close();
      await Promise.all([...live.values()].map((c) => c.stop()));
    },
  };
}

function problemOf(error: unknown, signal: AbortSignal): ConnectionProblem {
  if (error instanceof ConnectionError)
    return { code: error.code, message: error.message, remedy: error.remedy };
  if (signal.aborted) {
    return {
      code: 'timeout',
      message: `No answer within ${testTimeoutMs / 1000} s.`,
      remedy: 'Check host and port, and whether a firewall drops the traffic.',
    };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault of Headwater; please report it with the steps that led here.',
  };
}
