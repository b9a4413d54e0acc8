import type { Channel } from '../model/message.ts';
import { createRate, type Rate } from './rates.ts';

/** How many events a second a producer publishes on a channel, over the last ten seconds. */
export interface ProducerRate {
  readonly channel: Channel;
  readonly producer: string;
  readonly rate: number;
}

export interface ProducerRates {
  add(channel: Channel, producer: string, now: number): void;
  list(now: number): ProducerRate[];
}

interface Entry {
  readonly channel: Channel;
  readonly producer: string;
  readonly rate: Rate;
}

/** Counts events by who published them where; whoever has been silent for ten seconds is forgotten. */
export function createProducerRates(): ProducerRates {
  const entries = new Map<string, Entry>();
  return {
    add(channel, producer, now) {
      const key = `${channel.system}/${channel.cluster}/${channel.kind}/${channel.name}\0${producer}`;
      let entry = entries.get(key);
      if (!entry) entries.set(key, (entry = { channel, producer, rate: createRate() }));
      entry.rate.add(1, now);
    },
    list(now) {
      const rates: ProducerRate[] = [];
      for (const [key, { channel, producer, rate }] of entries) {
        const perSecond = rate.perSecond(now);
        if (perSecond === 0) entries.delete(key);
        else rates.push({ channel, producer, rate: perSecond });
      }
      return rates;
    },
  };
}
