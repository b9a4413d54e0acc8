import { createAssembler } from '../../app/correlate/assembler.ts';
import { createBloom } from '../../app/correlate/bloom.ts';
import { extractFacts } from '../../app/correlate/extract.ts';
import { decodeMessage } from '../../app/decode/decode.ts';
import type { Subscription } from '../../app/model/delivery.ts';
import type { DecodedMessage } from '../../app/model/event.ts';
import type { Channel, RawMessage } from '../../app/model/message.ts';
import type { EventFacts } from '../../app/model/trace.ts';
import { median } from '../support/quantile.ts';
import { order } from './orders-topic.ts';

const events = 300_000;
const rounds = 3;
const batch = 1_000;
/** Messages that are decoded before the clock runs for their facts. Few: nobody holds on to a payload's JSON. */
const decodedAtOnce = 50;
/**
 * Changes are taken four times a second, as if 100,000 events came a second. Like the pipeline, which learns every half a
 * minute, it learns the first time and then not again in the few seconds that this lasts.
 */
const batchesPerTake = 25;
/** Orders that are under way at the same time, each with one event on each channel. */
const abreast = 500;

/** What messages say of each other: `stated` names their causes, `keys` only has them share a business key. */
type Mode = 'stated' | 'keys';

const names = ['orders', 'payments', 'fraud', 'inventory', 'shipments', 'ledger'] as const;
const types = ['OrderPlaced', 'PaymentTaken', 'FraudChecked', 'StockReserved', 'ShipmentSent', 'OrderBooked'];
const channels = names.map((name): Channel => ({ system: 'kafka', cluster: 'bench', name, kind: 'topic' }));
/** Each channel is consumed by the one after whom the next is named. */
const subscriptions = channels.slice(0, -1).map((channel, i): Subscription => ({
  kind: 'subscription',
  channel,
  consumer: `${names[i + 1]}-service`,
}));

const say = (line: string) => process.stderr.write(`${line}\n`);

/** CPU time of all threads, ms: garbage collection counts, and who else uses the machine does not. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * Correlation alone: facts of decoded messages, joined to traces and linked, a second of CPU time, beside JSON.parse of
 * the same payloads. Orders of about 500 bytes over six channels: once with message, correlation and causation ids, once
 * with the order's id alone and what is known of who consumes what, so that causes are to be inferred.
 */
export async function correlate(): Promise<Record<string, unknown>> {
  const stated = await measure('stated');
  const keys = await measure('keys');
  return {
    bench: 'correlate',
    events,
    ...stated,
    inferred: keys,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

async function measure(mode: Mode): Promise<Record<string, unknown>> {
  const ours: number[] = [];
  const assembly: number[] = [];
  const parse: number[] = [];
  let traces = 0;
  for (let round = 1; round <= rounds; round++) {
    parse.push(parsePerSecond(mode));
    const result = await correlatePerSecond(mode);
    ours.push(result.perSecond);
    assembly.push(result.assembledPerSecond);
    traces = result.traces;
    say(
      `${mode}, round ${round}: JSON.parse ${Math.round(parse.at(-1) ?? 0)}/s, correlation ${Math.round(result.perSecond)}/s, ` +
        `of which assembly alone ${Math.round(result.assembledPerSecond)}/s`,
    );
  }
  return {
    traces,
    oursPerSecond: Math.round(median(ours)),
    assembledPerSecond: Math.round(median(assembly)),
    jsonParsePerSecond: Math.round(median(parse)),
    ratio: Math.round((median(ours) / median(parse)) * 1000) / 1000,
  };
}

function parsePerSecond(mode: Mode): number {
  let elapsed = 0;
  for (let first = 0; first < events; first += batch) {
    const bodies = messages(mode, first, batch).map(({ body }) => body as Buffer);
    const start = cpu();
    for (const body of bodies) JSON.parse(body.toString());
    elapsed += cpu() - start;
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

async function correlatePerSecond(mode: Mode): Promise<Rates> {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom() });
  if (mode === 'keys') assembler.setSubscriptions('bench', subscriptions);
  const traces = new Set<string>();
  let extracting = 0;
  let assembling = 0;
  for (let first = 0; first < events; first += batch) {
    const facts: EventFacts[] = [];
    for (let from = first; from < first + batch; from += decodedAtOnce) {
      const decoded = messages(mode, from, decodedAtOnce).map(decodeMessage);
      const start = cpu();
      for (const [i, one] of decoded.entries()) facts.push(factsOf(one, from + i));
      extracting += cpu() - start;
    }
    const start = cpu();
    await assembler.add(facts);
    const batches = first / batch + 1;
    const changes =
      batches % batchesPerTake === 0 ? assembler.takeChanges(batches === batchesPerTake) : undefined;
    assembling += cpu() - start;
    for (const trace of changes?.upserted ?? []) traces.add(trace.summary.id);
  }
  return {
    perSecond: (events / (extracting + assembling)) * 1_000,
    assembledPerSecond: (events / assembling) * 1_000,
    traces: traces.size,
  };
}

function factsOf(decoded: DecodedMessage, n: number): EventFacts {
  const { channel, time, clock } = decoded;
  return {
    seq: n + 1,
    id: `kafka/bench/${channel.name}/0/${n}`,
    channel,
    time,
    clock,
    facts: extractFacts(decoded),
  };
}

function messages(mode: Mode, first: number, count: number): RawMessage[] {
  return Array.from({ length: count }, (_, i) => message(mode, first + i));
}

function message(mode: Mode, n: number): RawMessage {
  const wave = Math.floor(n / (abreast * channels.length));
  const inWave = n % (abreast * channels.length);
  const step = Math.floor(inWave / abreast);
  const { key, value } = order(
    wave * abreast + (inWave % abreast),
    mode === 'keys' ? types[step] : undefined,
  );
  const headers: [string, string][] = [];
  if (mode === 'stated') {
    headers.push(['message-id', received(`${key}-${step}-5f0c4000-8000`)]);
    headers.push(['correlation-id', received(`${key}-c0de-5f0c4000-8000`)]);
    if (step > 0) headers.push(['causation-id', received(`${key}-${step - 1}-5f0c4000-8000`)]);
  }
  // Steps take their time, more or less.
  const time = 1_780_000_000_000 + n + (mode === 'keys' ? (n * 7_919) % 211 : 0);
  return {
    kind: 'message',
    channel: channels[step] as Channel,
    position: { partition: 0, offset: String(n) },
    time,
    clock: 'broker',
    observedAt: time,
    key: received(key),
    headers,
    body: Buffer.from(value),
  };
}

/** A text as it comes out of a client: read from bytes, not put together from pieces. */
function received(text: string): string {
  return Buffer.from(text).toString();
}
