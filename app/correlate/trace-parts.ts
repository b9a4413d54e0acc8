import type { Facts } from '../model/event.ts';
import type { Meaning } from './rules/rule.ts';

/** What headers of tracing systems said, in whatever notation; hexadecimal in lower case, without leading zeros cut. */
export interface TraceParts {
  /** Of W3C's header, which is believed before all others. */
  w3c?: { readonly traceId: string; readonly spanId: string };
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  /** Where its id was found. */
  path?: string;
  /** Datadog's: the lower half of the trace's id, and the upper half from the tags. */
  low?: string;
  high?: string;
  lowPath?: string;
  datadogSpanId?: string;
  /** The last span that Datadog knows of, from `tracestate`. */
  lastSpanId?: string;
}

type Part = Extract<Meaning, { as: 'trace' }>['part'];

const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;
const b3 = /^([0-9a-f]{16}(?:[0-9a-f]{16})?)-([0-9a-f]{16})(?:-[01d](?:-([0-9a-f]{16}))?)?$/;
const jaeger = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):([0-9a-f]{1,16}):[0-9a-f]{1,2}$/;
const datadogUpper = /(?:^|,)_dd\.p\.tid=([0-9a-f]{16})(?:,|$)/;
const datadogLast = /(?:^|,)\s*dd=(?:[^,]*;)?p:([0-9a-f]{16})(?:[;,]|$)/;

/** Takes down one header. What is no valid value of its kind says nothing. */
export function noteTrace(parts: TraceParts, part: Part, raw: string, path: string): void {
  if (raw.length > 512) return;
  const text = raw.trim().toLowerCase();
  switch (part) {
    case 'traceparent': {
      const [, traceId, spanId] = (text.length < 55 ? null : traceparent.exec(text)) ?? [];
      if (parts.w3c || traceId === undefined || spanId === undefined) break;
      parts.w3c = { traceId, spanId };
      parts.path = path;
      break;
    }
    case 'b3': {
      const [, traceId, spanId, parentSpanId] = b3.exec(text) ?? [];
      take(parts, { traceId, spanId, parentSpanId }, path);
      break;
    }
    case 'jaeger': {
      const [, traceId, spanId, parentSpanId] = jaeger.exec(text.replaceAll('%3a', ':')) ?? [];
      take(parts, { traceId, spanId, parentSpanId }, path);
      break;
    }
    case 'trace-id':
      if (/^(?:[0-9a-f]{16}){1,2}$/.test(text)) take(parts, { traceId: text }, path);
      break;
    case 'span-id':
      if (/^[0-9a-f]{16}$/.test(text)) parts.spanId ??= text;
      break;
    case 'parent-span-id':
      if (/^[0-9a-f]{16}$/.test(text)) parts.parentSpanId ??= text;
      break;
    case 'datadog-trace-id':
      parts.low ??= decimal(text);
      parts.lowPath ??= path;
      break;
    case 'datadog-span-id':
      parts.datadogSpanId ??= decimal(text);
      break;
    case 'datadog-tags':
      parts.high ??= datadogUpper.exec(text)?.[1];
      break;
    case 'tracestate':
      if (text.includes('dd=')) parts.lastSpanId ??= datadogLast.exec(text)?.[1];
      break;
  }
}

function take(
  parts: TraceParts,
  said: { traceId?: string; spanId?: string; parentSpanId?: string },
  path: string,
) {
  if (said.traceId === undefined) return;
  if (parts.traceId === undefined && parts.w3c === undefined) parts.path = path;
  parts.traceId ??= said.traceId.padStart(32, '0');
  parts.spanId ??= said.spanId?.padStart(16, '0');
  parts.parentSpanId ??= said.parentSpanId?.padStart(16, '0');
}

/** 64 bits, from decimal to hexadecimal. */
function decimal(text: string): string | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > 0n && value < 1n << 64n ? value.toString(16).padStart(16, '0') : undefined;
}

const noId = /^0*$/;
const noHalf = '0'.repeat(16);

export interface TraceFound {
  readonly trace: NonNullable<Facts['trace']>;
  readonly path: string;
  /** The same trace as others call it who know only half of its id. */
  readonly half?: string;
  readonly halfPath?: string;
}

/**
 * The trace that the headers name together: ids of 64 bits are filled up with zeros, as all systems do that pass them on,
 * and Datadog's halves put together.
 */
export function traceOf(parts: TraceParts): TraceFound | undefined {
  const { w3c, low, lowPath } = parts;
  // Most messages have nothing else.
  if (
    w3c &&
    parts.path !== undefined &&
    low === undefined &&
    parts.traceId === undefined &&
    parts.lastSpanId === undefined
  ) {
    return { trace: w3c, path: parts.path };
  }
  const datadogId = low === undefined ? undefined : (parts.high ?? noHalf) + low;
  const traceId = w3c?.traceId ?? parts.traceId ?? datadogId;
  const path = parts.path ?? lowPath;
  if (traceId === undefined || path === undefined || noId.test(traceId)) return undefined;
  const spanId =
    w3c?.spanId ?? (parts.traceId === undefined ? (parts.datadogSpanId ?? parts.spanId) : parts.spanId);
  const trace: { traceId: string; spanId?: string; parentSpanId?: string } = { traceId };
  if (spanId !== undefined && !noId.test(spanId)) trace.spanId = spanId;
  const parent = parentOf(parts, traceId, spanId);
  if (parent !== undefined && parent !== spanId && !noId.test(parent)) trace.parentSpanId = parent;
  const isHalf = datadogId !== undefined && datadogId !== traceId && traceId.endsWith(low as string);
  return isHalf && parts.high === undefined
    ? { trace, path, half: datadogId, halfPath: lowPath }
    : { trace, path };
}

/** Believed only if it is of that trace and of that span. */
function parentOf(parts: TraceParts, traceId: string, spanId: string | undefined): string | undefined {
  const isSame = parts.w3c === undefined || (parts.traceId === traceId && parts.spanId === spanId);
  return (isSame ? parts.parentSpanId : undefined) ?? parts.lastSpanId;
}
