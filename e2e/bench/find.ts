import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RawMessage } from '../../app/model/message.ts';
import { createRecorder } from '../../app/pipeline/recorder.ts';
import { openTraceStore } from '../../app/store/open.ts';
import type { TraceStore } from '../../app/store/trace-store.ts';
import { ensureBrokers } from '../brokers/availability.ts';
import { startKafka } from '../brokers/start.ts';
import { quantile } from '../support/quantile.ts';
import { fillOrders, order, topic } from './orders-topic.ts';

const events = 1_000_000;
const lookUps = 200;
const rounds = 3;

const say = (line: string) => process.stderr.write(`${line}\n`);
const round1 = (n: number) => Math.round(n * 10) / 10;

/**
 * One order among a million stored events: from its number to its trace, the events of it, and one of them whole. The
 * baseline is what people do without a store: kcat reads the same million from a broker, and grep looks.
 */
export async function find(): Promise<Record<string, unknown>> {
  const ours = await measureStore();
  const grep = await measureGrep();
  return {
    bench: 'find',
    events,
    lookUps,
    p50Ms: round1(quantile(ours.times, 0.5)),
    p95Ms: round1(quantile(ours.times, 0.95)),
    ratio: Number((quantile(ours.times, 0.5) / grep).toPrecision(2)),
    kcatGrepMs: Math.round(grep),
    storedPerSecond: Math.round(ours.perSecond),
    storeMb: Math.round(ours.bytes / 1e6),
  };
}

async function measureStore() {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-bench-'));
  const store = await openTraceStore({ dir });
  try {
    const started = performance.now();
    await fillStore(store);
    const perSecond = events / ((performance.now() - started) / 1000);
    const times: number[] = [];
    for (let i = 0; i < lookUps; i++) times.push(await lookUp(store, somewhere(i)));
    const { bytes } = await store.state();
    const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
    say(
      `Headwater: p50 ${round1(quantile(times, 0.5))} ms, p95 ${round1(quantile(times, 0.95))} ms, ${peakRssMb} MB at most`,
    );
    return { times, perSecond, bytes, peakRssMb };
  } finally {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function fillStore(store: TraceStore): Promise<void> {
  const recorder = await createRecorder({
    store,
    onError: (error) => {
      throw error;
    },
  });
  const perCall = 1_000;
  for (let n = 0; n < events; n += perCall) {
    await recorder.record(
      'bench',
      Array.from({ length: perCall }, (_, i) => message(n + i)),
    );
    if (n % 100_000 === 0) say(`stored ${n} of ${events} orders`);
  }
  await recorder.flush();
  await recorder.close();
}

function message(n: number): RawMessage {
  const { key, value } = order(n);
  return {
    kind: 'message',
    channel: { system: 'kafka', cluster: 'default', name: topic, kind: 'topic' },
    position: { partition: n % 4, offset: String(Math.floor(n / 4)) },
    time: 1_780_000_000_000 + n,
    clock: 'broker',
    observedAt: 1_780_000_000_005 + n,
    key,
    headers: [],
    body: value,
  };
}

/** Orders spread over everything, in no order, the same in each run. */
function somewhere(i: number): number {
  return (i * 618_033 + 271_828) % events;
}

/** Milliseconds from an order's number to its trace and one event's payload, found and read. */
async function lookUp(store: TraceStore, n: number): Promise<number> {
  const { key, value } = order(n);
  const started = performance.now();
  const { rows } = await store.listTraces({ keys: [{ value: key }], now: Date.now() }, 50, 0);
  const trace = rows[0] && (await store.trace(rows[0].id));
  const event = trace?.events[0] && (await store.event(trace.events[0].id));
  const time = performance.now() - started;
  if (event?.event.payload.text !== value) throw new Error(`${key} was not found.`);
  return time;
}

async function measureGrep(): Promise<number> {
  const [kcat] = await ensureBrokers(['kcat']);
  if (kcat?.available === false) throw new Error(`kcat is needed for the baseline: ${kcat.reason}`);
  const kafka = await startKafka();
  try {
    say(`Filling a topic with ${events} orders …`);
    await fillOrders(kafka.bootstrap, events);
    const times: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const wanted = `"orderId":"${order(somewhere(round)).key}"`;
      const read = `kcat -C -b ${kafka.bootstrap} -t ${topic} -o beginning -e -q`;
      const started = performance.now();
      const { stdout } = await promisify(execFile)('sh', ['-c', `${read} | grep -F '${wanted}'`]);
      times.push(performance.now() - started);
      if (!stdout.includes(wanted)) throw new Error(`kcat and grep did not find ${wanted}.`);
      say(`kcat | grep, round ${round}: ${Math.round(times.at(-1) ?? 0)} ms`);
    }
    return quantile(times, 0.5);
  } finally {
    await kafka.dispose();
  }
}
