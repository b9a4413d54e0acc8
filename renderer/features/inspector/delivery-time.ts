import type { DeliveryDto } from '../../../app/contract/page.ts';
import { clock, delta, duration } from '../../widgets/format.ts';

/** When a delivery happened: an instant, or the interval that is known. `published` is the event's time, epoch ms. */
export function deliveryTime(
  { time, after, before }: Pick<DeliveryDto, 'time' | 'after' | 'before'>,
  published: number,
): string {
  const latest = time ?? before;
  if (latest !== undefined && latest < published)
    return `${duration(published - latest)} before it was published, at ${clock(latest)}: the clocks disagree`;
  if (time !== undefined) return `${delta(time - published)} at ${clock(time)}`;
  if (after !== undefined && before !== undefined)
    return `between ${clock(after)} and ${clock(before)} (±${duration((before - after) / 2)})`;
  if (after !== undefined) return `after ${clock(after)}`;
  return before === undefined ? 'at an unknown time' : `before ${clock(before)}`;
}
