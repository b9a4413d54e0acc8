import type { Redis } from 'ioredis';
import type { Inbox } from '../../base/inbox.ts';
import { sleep } from '../../base/timeout.ts';
import type { Channel, RawMessage } from '../../model/message.ts';
import type { Checkpoint, SourceItem, StartFrom } from '../../model/source.ts';
import { streamChannel } from './choice.ts';
import { listOf, textOf } from './client.ts';
import { commandError, isReply } from './errors.ts';
import { readEntry } from './entry.ts';
import { streamInfo, type StreamInfo } from './inspect.ts';
import type { RedisSettings } from './options.ts';
import { createRemovalCheck, gapBetween, startOf, type RemovalCheck } from './positions.ts';
import { createRecentIds, type RecentIds } from './recent-ids.ts';
import { beginning, compareIds, msOf, nextId } from './stream-id.ts';

/** One stream that is being read. */
interface Reading {
  readonly name: string;
  readonly channel: Channel;
  /** The id of the entry read last. */
  position: string;
  readonly recent: RecentIds;
  readonly removal: RemovalCheck;
  /** What was read since the coverage mark before. */
  markFrom: string;
  markTime: number;
  markedAt: number;
}

export interface StreamReader {
  /** Reads on until the signal aborts; puts what it finds into the inbox. @throws ConnectionError */
  run(): Promise<void>;
  /** Begins to read a stream, unless that is done already. */
  add(name: string, isNew: boolean): Promise<void>;
  readonly names: readonly string[];
  recent(name: string): RecentIds | undefined;
  /** Looks whether entries were removed before they were read, or the stream was made anew. */
  compare(name: string, info: StreamInfo): void;
}

export interface StreamReaderDeps {
  /** A connection of its own: it is blocked most of the time. */
  readonly blocking: Redis;
  readonly commands: Redis;
  readonly settings: RedisSettings;
  readonly cluster: string;
  readonly from: StartFrom;
  readonly resume: readonly Checkpoint[];
  readonly inbox: Inbox<SourceItem>;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const blockMs = 400;
const markEveryMs = 1_000;
/** Items that may wait to be taken before reading pauses. */
const waitingLimit = 2_000;
/** Bytes aimed at per reply, all streams together. */
const replyBytes = 4 * 1024 * 1024;

export function createStreamReader(deps: StreamReaderDeps): StreamReader {
  const { blocking, commands, settings, cluster, inbox, now, signal } = deps;
  const readings = new Map<string, Reading>();
  const resume = new Map(
    deps.resume.filter((c) => c.channel.kind === 'stream').map((c) => [c.channel.name, c]),
  );
  let meanBytes = 1_000;

  const alert = (message: string, channel: Channel) =>
    inbox.put({ kind: 'alert', severity: 'warning', message, channel, time: now() });

  async function add(name: string, isNew: boolean): Promise<void> {
    if (readings.has(name)) return;
    const channel = streamChannel(cluster, name);
    const info = await streamInfo(commands, settings, name);
    const { after, gap } = startOf(channel, info, resume.get(name), deps.from, isNew);
    if (gap) inbox.put(gap);
    const reading: Reading = {
      name,
      channel,
      position: after,
      recent: createRecentIds(after),
      removal: createRemovalCheck(),
      markFrom: gap?.toOffset ?? nextId(after),
      markTime: msOf(after) > 0 ? msOf(after) : now(),
      markedAt: 0,
    };
    readings.set(name, reading);
    // So that a restart goes on from here even if nothing comes until then.
    inbox.put({ kind: 'checkpoint', channel, next: after });
  }

  function take(reading: Reading, entries: readonly unknown[], mayHaveMore: boolean): void {
    let bytes = 0;
    for (const entry of entries) {
      const [id, fields] = listOf(entry);
      const message = toMessage(reading.channel, textOf(id), listOf(fields), now());
      for (const field of listOf(fields)) bytes += field instanceof Uint8Array ? field.length : 0;
      reading.position = textOf(id);
      reading.recent.add(reading.position);
      inbox.put(message);
    }
    meanBytes += (bytes / entries.length - meanBytes) / 4;
    reading.removal.read(entries.length);
    inbox.put({ kind: 'checkpoint', channel: reading.channel, next: reading.position });
    mark(reading, !mayHaveMore);
  }

  /** Everything up to the position was read; if that is the end of the stream, up to now. */
  function mark(reading: Reading, isEnd: boolean): void {
    reading.markedAt = now();
    const { channel, markFrom, markTime, position } = reading;
    const toOffset = nextId(position);
    const to = isEnd ? now() : msOf(position);
    const fromOffset = compareIds(markFrom, toOffset) < 0 ? markFrom : toOffset;
    inbox.put({
      kind: 'coverage',
      channel,
      state: 'read',
      fromOffset,
      toOffset,
      from: Math.min(markTime, to),
      to,
    });
    reading.markFrom = toOffset;
    reading.markTime = to;
  }

  async function readSome(): Promise<void> {
    const current = [...readings.values()];
    const perStream = Math.ceil(replyBytes / Math.max(meanBytes, 64) / current.length);
    const count = Math.min(500, Math.max(1, perStream));
    const reply = await blocking.callBuffer('xread', [
      'COUNT',
      count,
      'BLOCK',
      blockMs,
      'STREAMS',
      ...current.map((r) => r.name),
      ...current.map((r) => r.position),
    ]);
    for (const item of listOf(reply)) {
      const [name, entries] = listOf(item);
      const reading = readings.get(textOf(name));
      const list = listOf(entries);
      if (reading && list.length > 0) take(reading, list, list.length >= count);
    }
    // Streams that were not in the reply have nothing beyond their position.
    const due = Math.max(markEveryMs, current.length * 20);
    for (const reading of current) if (now() - reading.markedAt >= due) mark(reading, true);
  }

  /** One stream that may not be read, or is none any more, must not keep the others from being read. */
  async function dropRefused(error: Error): Promise<void> {
    let dropped = false;
    for (const reading of readings.values()) {
      try {
        await commands.callBuffer('xread', ['COUNT', 1, 'STREAMS', reading.name, reading.position]);
      } catch (refusal) {
        if (!isReply(refusal)) throw commandError(refusal, settings, `read the stream ${reading.name}`);
        const { message, remedy } = commandError(refusal, settings, `read the stream ${reading.name}`);
        // The command itself is refused, whatever the stream.
        if (/'xread'/.test(refusal.message)) throw commandError(refusal, settings, 'read streams');
        readings.delete(reading.name);
        dropped = true;
        alert(`${message} ${remedy}`, reading.channel);
      }
    }
    if (!dropped) throw commandError(error, settings, 'read streams');
  }

  return {
    add,
    get names() {
      return [...readings.keys()];
    },
    recent: (name) => readings.get(name)?.recent,
    compare(name, info) {
      const reading = readings.get(name);
      if (!reading) return;
      const { channel, position } = reading;
      if (compareIds(info.lastId, position) < 0 && info.length > 0) {
        reading.position = beginning;
        reading.markFrom = nextId(beginning);
        alert(`The stream ${name} was deleted and made anew; it is read from its beginning.`, channel);
        return;
      }
      const missing = reading.removal.check(info, position);
      if (missing === undefined) return;
      const reason = `${missing} entries were removed before they could be read`;
      inbox.put({ ...gapBetween(channel, reading.markFrom, nextId(position), reason), count: missing });
    },
    async run() {
      while (!signal.aborted) {
        await inbox.room(waitingLimit);
        if (signal.aborted) return;
        if (readings.size === 0) {
          await sleep(100, signal);
          continue;
        }
        try {
          await readSome();
        } catch (error) {
          if (signal.aborted) return;
          if (!isReply(error)) throw commandError(error, settings, 'read streams');
          await dropRefused(error);
        }
      }
    },
  };
}

/** An entry as Redis replied it, as a message. */
export function toMessage(
  channel: Channel,
  id: string,
  fields: readonly unknown[],
  observedAt: number,
): RawMessage {
  const { body, headers } = readEntry(fields.filter((field) => field instanceof Uint8Array));
  return {
    kind: 'message',
    channel,
    position: { offset: id },
    time: msOf(id),
    clock: 'broker',
    observedAt,
    headers,
    body,
  };
}
