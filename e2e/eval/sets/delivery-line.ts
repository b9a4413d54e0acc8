import type { Line, Place } from './lines.ts';
import { SECOND } from './story.ts';

export const iso = (at: number) => new Date(at).toISOString();

const TICK = 5 * SECOND;

/** Kafka shows commits every few seconds, RabbitMQ's firehose each delivery, Redis what was pending between two looks. */
export function deliveryLine(
  { system }: Place,
  consumer: string,
  times: { readonly starts: number; readonly ends: number },
  failed: boolean,
): Line {
  const line = { kind: 'delivery', consumer };
  if (system === 'rabbitmq')
    return { ...line, status: 'delivered', time: iso(times.starts), evidence: 'firehose' };
  const tick = Math.floor(times.ends / TICK);
  const between = { after: iso(tick * TICK), before: iso((tick + 1) * TICK) };
  return system === 'kafka'
    ? { ...line, status: 'acknowledged', ...between, evidence: 'offset-commit' }
    : { ...line, status: failed ? 'rejected' : 'acknowledged', ...between, evidence: 'pending-entries' };
}
