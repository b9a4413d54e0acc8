import type { DeliveryDto } from '../../app/contract/page.ts';
import type { IconName } from './icon.tsx';
import type { Tone } from './state-word.tsx';

type Status = DeliveryDto['status'];

/** How a delivery looks: icon, word and tone, the same everywhere. */
export const deliveryLooks: Readonly<Record<Status, { icon: IconName; word: string; tone: Tone }>> = {
  delivered: { icon: 'arrow', word: 'Delivered', tone: 'plain' },
  acknowledged: { icon: 'check', word: 'Acknowledged', tone: 'good' },
  redelivered: { icon: 'again', word: 'Redelivered', tone: 'warn' },
  rejected: { icon: 'cross', word: 'Rejected', tone: 'bad' },
  'dead-lettered': { icon: 'tomb', word: 'Dead-lettered', tone: 'bad' },
  pending: { icon: 'clock', word: 'Pending', tone: 'warn' },
};

/** Which of two statuses of one consumer says more, where their times do not tell. */
const weight: Readonly<Record<Status, number>> = {
  delivered: 0,
  pending: 1,
  redelivered: 2,
  acknowledged: 3,
  rejected: 4,
  'dead-lettered': 5,
};

/** Where each consumer of an event stands: its last delivery. In order of the consumers' names. */
export function standings(deliveries: readonly DeliveryDto[]): DeliveryDto[] {
  const last = new Map<string, DeliveryDto>();
  for (const delivery of deliveries) {
    const known = last.get(delivery.consumer);
    if (!known || laterThan(delivery, known)) last.set(delivery.consumer, delivery);
  }
  return [...last.values()].toSorted((a, b) => (a.consumer < b.consumer ? -1 : 1));
}

function laterThan(a: DeliveryDto, b: DeliveryDto): boolean {
  const difference = instant(a) - instant(b);
  return Number.isNaN(difference) || difference === 0 ? weight[a.status] > weight[b.status] : difference > 0;
}

function instant({ time, before, after }: DeliveryDto): number {
  return time ?? before ?? after ?? Number.NaN;
}
