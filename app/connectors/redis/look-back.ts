import type { Redis } from 'ioredis';
import { containsValue } from '../../base/find-value.ts';
import type { Coverage } from '../../model/delivery.ts';
import type { RawMessage } from '../../model/message.ts';
import type { Alert, LookBackRequest, Progress } from '../../model/source.ts';
import { readChoice, streamChannel } from './choice.ts';
import { call, listOf, textOf } from './client.ts';
import { scanStreams, streamInfo } from './inspect.ts';
import type { RedisSettings } from './options.ts';
import { beginning, compareIds, idBefore, msOf, nextId } from './stream-id.ts';
import { toMessage } from './stream-reader.ts';

type Found = RawMessage | Progress | Coverage | Alert;

/** Entries asked for at once, at most, and the bytes aimed at per page. */
const pageSize = 1_000;
const pageBytes = 4 * 1024 * 1024;

/** Scans streams, one after the other, for entries that hold the value as a whole word in a field or its name. */
export async function* lookBack(
  redis: Redis,
  s: RedisSettings,
  cluster: string,
  request: LookBackRequest,
  now: () => number,
): AsyncGenerator<readonly Found[]> {
  const { signal } = request;
  const { streams } = readChoice(request.channels);
  const names = streams === 'all' ? await scanStreams(redis, s, signal) : streams;
  const needles = [...new Set([request.value, JSON.stringify(request.value).slice(1, -1)])].map((text) =>
    Buffer.from(text),
  );
  const holds = (fields: readonly unknown[]) =>
    fields.some(
      (field) => field instanceof Uint8Array && needles.some((needle) => containsValue(field, needle)),
    );
  for (const name of names) {
    if (signal.aborted) return;
    yield* scanStream(redis, s, cluster, name, request, holds, now);
  }
}

async function* scanStream(
  redis: Redis,
  s: RedisSettings,
  cluster: string,
  name: string,
  { from, to, signal }: LookBackRequest,
  holds: (fields: readonly unknown[]) => boolean,
  now: () => number,
): AsyncGenerator<readonly Found[]> {
  const channel = streamChannel(cluster, name);
  const info = await streamInfo(redis, s, name);
  if (!info?.firstId) return;
  const begin = nextId(from === undefined ? beginning : idBefore(from));
  const first = compareIds(info.firstId, begin) > 0 ? info.firstId : begin;
  // What is added while scanning is for live reading, or for the next scan.
  const end = to === undefined ? info.lastId : `${Math.floor(to)}`;
  let start = first;
  let scanned = 0;
  let matched = 0;
  let count = 100;
  const progress = (): Progress => ({
    kind: 'progress',
    channel,
    scanned,
    total: from === undefined && to === undefined ? Math.max(info.length, scanned) : undefined,
    matched,
  });
  const covered = (): Coverage => ({
    kind: 'coverage',
    channel,
    state: 'read',
    fromOffset: first,
    toOffset: start,
    from: from ?? msOf(first),
    to: Math.min(to ?? now(), now()),
    reason: 'searched for one value; what does not hold it was not recorded',
  });
  for (;;) {
    const page = listOf(
      await call(redis, s, `read the stream ${name}`, 'xrange', name, start, end, 'COUNT', count),
    );
    const found: Found[] = [];
    let bytes = 0;
    for (const entry of page) {
      const [id, reply] = listOf(entry);
      const fields = listOf(reply);
      for (const field of fields) bytes += field instanceof Uint8Array ? field.length : 0;
      if (holds(fields)) found.push(toMessage(channel, textOf(id), fields, now()));
      start = nextId(textOf(id));
    }
    scanned += page.length;
    matched += found.length;
    if (page.length < count || signal.aborted) {
      if (scanned > 0) found.push({ ...covered(), ...(signal.aborted && { to: msOf(start) }) });
      yield [...found, progress()];
      return;
    }
    count = Math.max(10, Math.min(pageSize, Math.round((count * pageBytes) / Math.max(bytes, 1))));
    yield [...found, progress()];
  }
}
