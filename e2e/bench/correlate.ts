import { createAssembler } from '../../app/correlate/assembler.ts';
import { createBloom } from '../../app/correlate/bloom.ts';
import { extractFacts } from '../../app/correlate/extract.ts';
import { decodeMessage } from '../../app/decode/decode.ts';
import type { Channel, RawMessage } from '../../app/model/message.ts';
import { order } from './orders-topic.ts';

const events = 300_000;
const rounds = 3;
const batch = 1_000;
/** Four times a second, as the pipeline does, at 100,000 events a second. */
const batchesPerTake = 25;
/** Orders that are under way at the same time, each with one event on each channel. */
const abreast = 500;

const channels = ['orders', 'payments', 'fraud', 'inventory', 'shipments', 'ledger'].map((name): Channel => ({
  system: 'kafka',
  cluster: 'bench',
  name,
  kind: 'topic',
}));
const say = (line: string) => process.stderr.write(`${line}\n`);
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * Correlation alone: facts of decoded messages, joined to traces and linked, on one core, beside JSON.parse of the same
 * payloads. Orders of about 500 bytes over six channels, with message, correlation and causation ids.
 */
export async function correlate(): Promise<Record<string, unknown>> {
  const ours: number[] = [];
  const assembly: number[] = [];
  const parse: number[] = [];
  let traces = 0;
  for (let round = 1; round <= rounds; round++) {
    parse.push(parsePerSecond());
    const result = await correlatePerSecond();
    ours.push(result.perSecond);
    assembly.push(result.assembledPerSecond);
    traces = result.traces;
    say(
      `round ${round}: JSON.parse ${Math.round(parse.at(-1) ?? 0)}/s, correlation ${Math.round(result.perSecond)}/s, ` +
        `of which assembly alone ${Math.round(result.assembledPerSecond)}/s`,
    );
  }
  return {
    bench: 'correlate',
    events,
    traces,
    oursPerSecond: Math.round(median(ours)),
    assembledPerSecond: Math.round(median(assembly)),
    jsonParsePerSecond: Math.round(median(parse)),
    ratio: Math.round((median(ours) / median(parse)) * 1000) / 1000,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function parsePerSecond(): number {
  let elapsed = 0;
  for (let first = 0; first < events; first += batch) {
    const bodies = messages(first).map(({ body }) => body as Buffer);
    const start = performance.now();
    for (const body of bodies) JSON.parse(body.toString());
    elapsed += performance.now() - start;
  }
  return (events / elapsed) * 1_000;
}

interface Rates {
  /** Extraction and assembly. */
  readonly perSecond: number;
  /** Assembly of facts that are there already. */
  readonly assembledPerSecond: number;
  readonly traces: number;
}

async function correlatePerSecond(): Promise<Rates> {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom() });
  const traces = new Set<string>();
  let extracting = 0;
  let assembling = 0;
  for (let first = 0; first < events; first += batch) {
    const decoded = messages(first).map(decodeMessage);
    const start = performance.now();
    const facts = decoded.map((one, i) => ({
      seq: first + i + 1,
      id: `kafka/bench/${one.channel.name}/0/${first + i}`,
      channel: one.channel,
      time: one.time,
      clock: one.clock,
      facts: extractFacts(one),
    }));
    const extracted = performance.now();
    await assembler.add(facts);
    const due = (first / batch) % batchesPerTake === batchesPerTake - 1;
    const changes = due ? assembler.takeChanges() : undefined;
    extracting += extracted - start;
    assembling += performance.now() - extracted;
    for (const trace of changes?.upserted ?? []) traces.add(trace.summary.id);
  }
  return {
    perSecond: (events / (extracting + assembling)) * 1_000,
    assembledPerSecond: (events / assembling) * 1_000,
    traces: traces.size,
  };
}

function messages(first: number): RawMessage[] {
  return Array.from({ length: batch }, (_, i) => message(first + i));
}

function message(n: number): RawMessage {
  const wave = Math.floor(n / (abreast * channels.length));
  const inWave = n % (abreast * channels.length);
  const step = Math.floor(inWave / abreast);
  const { key, value } = order(wave * abreast + (inWave % abreast));
  const headers: [string, string][] = [
    ['message-id', `${key}-${step}-5f0c4000-8000`],
    ['correlation-id', `${key}-c0de-5f0c4000-8000`],
  ];
  if (step > 0) headers.push(['causation-id', `${key}-${step - 1}-5f0c4000-8000`]);
  return {
    kind: 'message',
    channel: channels[step] as Channel,
    position: { partition: 0, offset: String(n) },
    time: 1_780_000_000_000 + n,
    clock: 'broker',
    observedAt: 1_780_000_000_000 + n,
    key,
    headers,
    body: Buffer.from(value),
  };
}
