import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startKafka } from '../brokers/start.ts';
import { startHeadwater } from '../support/headwater.ts';
import { median } from '../support/quantile.ts';
import { fillOrders, topic } from './orders-topic.ts';

const events = 500_000;
const rounds = 3;

const say = (line: string) => process.stderr.write(`${line}\n`);

/**
 * A Kafka topic of 500,000 JSON orders of 500 bytes into decoded, correlated, durable events, measured from outside as
 * a user has it (connection added → all traces in the store), beside a bare kafkajs `eachBatch` in the same run.
 */
export async function ingest(): Promise<Record<string, unknown>> {
  const kafka = await startKafka();
  try {
    say(`Filling a topic with ${events} orders …`);
    await fillOrders(kafka.bootstrap, events);
    const bare: number[] = [];
    const parse: number[] = [];
    const ours: Ours[] = [];
    for (let round = 1; round <= rounds; round++) {
      bare.push(await baseline(kafka.bootstrap, 'nothing'));
      parse.push(await baseline(kafka.bootstrap, 'parse'));
      ours.push(await record(kafka.bootstrap));
      say(
        `round ${round}: bare ${Math.round(bare.at(-1) ?? 0)}/s, JSON.parse ${Math.round(parse.at(-1) ?? 0)}/s, ` +
          `Headwater ${Math.round(ours.at(-1)?.perSecond ?? 0)}/s, ${ours.at(-1)?.peakRssMb} MB`,
      );
    }
    const oursPerSecond = median(ours.map((o) => o.perSecond));
    const baselinePerSecond = median(bare);
    return {
      bench: 'ingest',
      system: 'kafka',
      events,
      ratio: round2(oursPerSecond / baselinePerSecond),
      oursPerSecond: Math.round(oursPerSecond),
      baselinePerSecond: Math.round(baselinePerSecond),
      jsonParsePerSecond: Math.round(median(parse)),
      cpuSecondsPerMillion: round2(median(ours.map((o) => o.cpuSeconds)) * (1_000_000 / events)),
      peakRssMb: median(ours.map((o) => o.peakRssMb)),
    };
  } finally {
    await kafka.dispose();
  }
}

const round2 = (n: number) => Math.round(n * 100) / 100;

interface Ours {
  readonly perSecond: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
}

async function record(bootstrap: string): Promise<Ours> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-bench-'));
  const headwater = await startHeadwater(['--data', dir, '--port', '0']);
  try {
    const started = performance.now();
    await headwater.client.connections.add({
      name: 'bench',
      url: `kafka://${bootstrap}`,
      channels: [topic],
      from: 'earliest',
    });
    // Asked seldom, and for the cheaper count first: the asking must not be what is measured.
    while ((await headwater.client.info()).events < events) await sleep(200);
    for (;;) {
      const { total } = await headwater.client.traces.list({ query: '', limit: 1, offset: 0 });
      if (total >= events) break;
      await sleep(50);
    }
    const seconds = (performance.now() - started) / 1000;
    return {
      perSecond: events / seconds,
      cpuSeconds: cpuSecondsOf(headwater.pid),
      peakRssMb: peakRssMbOf(headwater.pid),
    };
  } finally {
    await headwater.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function baseline(bootstrap: string, mode: 'nothing' | 'parse'): Promise<number> {
  const script = fileURLToPath(new URL('./each-batch.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=TimeoutNegativeWarning',
    script,
    bootstrap,
    String(events),
    mode,
  ]);
  const { ms } = JSON.parse(stdout) as { ms: number };
  return events / (ms / 1000);
}

/** User and system time of a process so far, from Linux's /proc (clock ticks of 10 ms). */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function peakRssMbOf(pid: number): number {
  const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
