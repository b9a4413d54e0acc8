import type { TraceDetailDto } from '../contract/page.ts';
import type { Coverage } from '../model/delivery.ts';
import { causalTrees } from './causal-order.ts';
import type { Branch } from './causal-order.ts';
import { duration, fit, plain } from './output.ts';
import { fileStatus, iso } from './trace-json.ts';

type EventDto = TraceDetailDto['events'][number];
type LinkDto = TraceDetailDto['links'][number];
type DeliveryDto = TraceDetailDto['deliveries'][number];

/** Widths that make a line of 100 columns. */
const width = { time: 9, event: 33, channel: 24, producer: 13, evidence: 16 };
/** Deeper branches are drawn at this depth: the line must keep room for what it says. */
const deepest = 8;

/**
 * A trace for a terminal, 100 columns wide: events as a tree of causes, solid (─) where the cause is proven and dashed
 * (┄) where it is inferred, the deliveries of each below it, and what was not observed at the end.
 */
export function traceText(
  detail: TraceDetailDto,
  now: ReadonlyMap<string, number>,
  coverage: readonly Coverage[],
): string {
  const { trace, events, links, deliveries } = detail;
  const keys = trace.keys.map(({ name, value }) => `${name}=${value}`).join('  ');
  const lines = [
    plain(keys === '' ? `trace ${trace.id}` : keys),
    `${fileStatus(detail, now)} · ${count(trace.events, 'event')} on ${trace.systems.join(', ')} · ` +
      `${iso(trace.start)}, ${duration(trace.end - trace.start)} · ${plain(trace.id)}`,
    ...pendingLines(detail),
    ...clockLines(detail),
    '',
    row('', 'event', 'channel', 'by', 'because'),
  ];
  const handed = Map.groupBy(deliveries, (delivery) => delivery.event);
  const draw = (branches: Branch<EventDto, LinkDto>[], depth: number): void => {
    for (const branch of branches) {
      lines.push(...eventLines(branch, depth, trace.start, handed.get(branch.event.id) ?? []));
      draw(branch.effects, depth + 1);
    }
  };
  draw(causalTrees(events, links), 0);
  if (links.some(({ evidence }) => evidence === 'duplicate')) {
    lines.push('', 'The same message more than once:');
    for (const { from, to, evidence } of links) {
      if (evidence === 'duplicate') lines.push(`  ${plain(to)} repeats ${plain(from)}`);
    }
  }
  lines.push(...notObserved(detail, coverage));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Who has had an event of it in hand for longest, which is what it waits for. */
function pendingLines({ trace: { pending }, events }: TraceDetailDto): string[] {
  if (!pending) return [];
  const event = events.find(({ id }) => id === pending.event);
  const what = event ? `${event.type ?? 'an event'} on ${event.channel.name}` : pending.event;
  return [
    fit(
      plain(`${pending.consumer} was handed ${what} at ${iso(pending.since)}, not acknowledged since`),
      100,
    ),
  ];
}

/** Which clocks differ: times are given as they are. */
function clockLines({ clocks }: TraceDetailDto): string[] {
  if (clocks.length === 0) return [];
  return [
    'clocks differ, and times are as recorded:',
    ...clocks.map(({ text, links }) => clip(plain(`  ${text} (proven by ${count(links, 'link')})`))),
  ];
}

function eventLines(
  { event, cause, otherCauses }: Branch<EventDto, LinkDto>,
  depth: number,
  start: number,
  deliveries: readonly DeliveryDto[],
): string[] {
  const indent = '   '.repeat(Math.min(Math.max(depth - 1, 0), deepest));
  const arm = cause ? `${indent}└${isProven(cause) ? '─ ' : '┄ '}` : '';
  const { system, name } = event.channel;
  const place = event.partition === undefined ? name : `${name}/${event.partition}`;
  const producer = event.producer ? `${event.producer.name}${event.producer.inferred ? '?' : ''}` : '';
  const below = ' '.repeat(width.time + 2) + (cause ? `${indent}   ` : '');
  return [
    row(
      duration(event.time - start),
      `${arm}${event.type ?? event.id}`,
      `${system} ${place}`,
      producer,
      cause ? because(cause) : '',
    ),
    ...otherCauses.map((link) => clip(`${below}also caused by ${plain(link.from)}: ${because(link)}`)),
    ...deliveries.map((delivery) => clip(below + deliveryText(delivery, event.time))),
  ];
}

const marks: Readonly<Record<DeliveryDto['status'], string>> = {
  acknowledged: '✓',
  delivered: '→',
  pending: '…',
  redelivered: '↻',
  rejected: '✗',
  'dead-lettered': '✗',
};

function deliveryText(delivery: DeliveryDto, sent: number): string {
  const { consumer, status, evidence, via } = delivery;
  const through = via === undefined || via === consumer ? '' : ` via ${plain(via)}`;
  const when = deliveryTime(delivery, sent);
  return `${marks[status]} ${plain(consumer)} ${status}${through} ${when} (${evidence})`;
}

/** When it was, from the event on: an instant, or the interval that is known. */
function deliveryTime({ time, after, before }: DeliveryDto, sent: number): string {
  const latest = time ?? before;
  if (latest !== undefined && latest < sent)
    return `${duration(sent - latest)} before it was sent: the clocks disagree`;
  if (time !== undefined) return `after ${duration(time - sent)}`;
  if (before === undefined) return `later than ${duration((after ?? sent) - sent)}`;
  if (after === undefined || after <= sent) return `within ${duration(before - sent)}`;
  return `between ${duration(after - sent)} and ${duration(before - sent)} after`;
}

/** Gaps in what was read of the trace's channels around its time: what is missing there was not looked for. */
function notObserved({ trace, events }: TraceDetailDto, coverage: readonly Coverage[]): string[] {
  const channels = new Set(
    events.map(({ channel }) => `${channel.system}/${channel.cluster}/${channel.name}`),
  );
  const gaps = coverage.filter(
    ({ state, channel, from, to }) =>
      state !== 'read' &&
      channels.has(`${channel.system}/${channel.cluster}/${channel.name}`) &&
      (from ?? 0) <= trace.end + 60_000 &&
      (to ?? Infinity) >= trace.start,
  );
  if (gaps.length === 0) return [];
  return [
    '',
    'Not everything was observed:',
    ...gaps.map(({ channel, state, from, to, count: missing, reason }) => {
      const span = [from, to].map((time) => (time === undefined ? '…' : iso(time))).join(' to ');
      const many = missing === undefined ? '' : `, ${count(missing, 'event')}`;
      return clip(plain(`  ${channel.system} ${channel.name} ${state} ${span}${many} ${reason ?? ''}`));
    }),
  ];
}

function isProven({ confidence }: LinkDto): boolean {
  return confidence >= 1;
}

function because(link: LinkDto): string {
  return isProven(link) ? link.evidence : `${link.evidence} ${Math.round(link.confidence * 100)}%`;
}

function row(time: string, event: string, channel: string, producer: string, evidence: string): string {
  return [
    time.padStart(width.time) + ' ',
    fit(plain(event), width.event),
    fit(plain(channel), width.channel),
    fit(plain(producer), width.producer),
    fit(plain(evidence), width.evidence).trimEnd(),
  ].join(' ');
}

function clip(line: string): string {
  return fit(line, 100).trimEnd();
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
