import type { System } from '../model/message.ts';
import type { Link, TraceChanges } from '../model/trace.ts';
import { traceNumber } from './trace-number.ts';

/** Changed traces as columns, for the same reason as `PackedEvents`: during a backlog each event is a trace of its own. */
export interface PackedTraces {
  readonly watermark: number;
  readonly removed: readonly { readonly no: number; readonly into?: number }[];
  readonly no: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly events: Uint32Array;
  readonly hops: Uint32Array;
  /** Systems as a set of bits. */
  readonly systems: Uint8Array;
  readonly failed: Uint8Array;
  /** JSON [[name, value], …]. */
  readonly keys: readonly string[];
  /** Members of all traces, one after the other, and how many each has. */
  readonly members: Float64Array;
  readonly memberCount: Uint32Array;
  readonly links: readonly { readonly no: number; readonly link: Link }[];
}

const systemNames: readonly System[] = ['kafka', 'rabbitmq', 'redis', 'aws'];

/** Systems as a set of bits, for storage and for filters. */
export function systemBits(names: readonly string[]): number {
  let bits = 0;
  for (const name of names) {
    const at = systemNames.indexOf(name as System);
    if (at >= 0) bits |= 1 << at;
  }
  return bits;
}

/** The systems of a set of bits. */
export function systemsOf(bits: number): System[] {
  return systemNames.filter((_, at) => (bits & (1 << at)) !== 0);
}

/** Works out the columns. Throws for ids that are not of the form `t<base36>`. */
export function packTraces({ upserted, removed, watermark }: TraceChanges): PackedTraces {
  const count = upserted.length;
  const no = new Float64Array(count);
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  const events = new Uint32Array(count);
  const hops = new Uint32Array(count);
  const systems = new Uint8Array(count);
  const failed = new Uint8Array(count);
  const memberCount = new Uint32Array(count);
  const keys = [] as string[];
  const members: number[] = [];
  const links: { no: number; link: Link }[] = [];
  for (let i = 0; i < count; i++) {
    const { summary, members: own, links: its } = upserted[i]!;
    const number = traceNumber(summary.id);
    no[i] = number;
    start[i] = summary.start;
    end[i] = summary.end;
    events[i] = summary.events;
    hops[i] = summary.hops;
    systems[i] = systemBits(summary.systems);
    failed[i] = summary.failed ? 1 : 0;
    keys[i] = JSON.stringify(summary.keys.map(({ name, value }) => [name, value]));
    memberCount[i] = own.length;
    for (const seq of own) members.push(seq);
    for (const link of its) links.push({ no: number, link });
  }
  return {
    watermark,
    removed: removed.map(({ id, into }) => ({
      no: traceNumber(id),
      ...(into !== undefined && { into: traceNumber(into) }),
    })),
    ...{ no, start, end, events, hops, systems, failed, keys, memberCount, links },
    members: Float64Array.from(members),
  };
}

/** The buffers that can be handed over to another thread rather than copied. */
export function traceBuffersOf(packed: PackedTraces): ArrayBuffer[] {
  const { no, start, end, events, hops, systems, failed, members, memberCount } = packed;
  return [no, start, end, events, hops, systems, failed, members, memberCount].map(
    (column) => column.buffer as ArrayBuffer,
  );
}
