import type { Binding, Subscription, Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { defaultKind } from './fields.ts';
import type { WiringLine } from './read-line.ts';

/** Collects subscription and binding lines into one topology, in whatever order they come among the messages. */
export interface Wiring {
  add(line: WiringLine): void;
  /** Tells of a channel whose kind is known, so that wiring that names it means the same channel. */
  see(channel: Channel, time: number): void;
  /** What is known by now, if anything was added since the last call. */
  take(): Topology | undefined;
}

const place = ({ system, cluster, name }: Omit<Channel, 'kind'>): string => `${system}\0${cluster}\0${name}`;

export function createWiring(): Wiring {
  const lines: WiringLine[] = [];
  const seen = new Map<string, Channel>();
  let observedAt = 0;
  let dirty = false;

  const channelOf = ({ channel, kind }: WiringLine): Channel => ({
    ...channel,
    kind:
      channel.kind ??
      seen.get(place(channel))?.kind ??
      defaultKind(channel.system, kind === 'binding' ? 'published' : 'consumed'),
  });

  return {
    add(line) {
      lines.push(line);
      dirty = true;
    },
    see(channel, time) {
      observedAt = Math.max(observedAt, time);
      const key = place(channel);
      if (seen.has(key)) return;
      seen.set(key, channel);
      // Wiring that came earlier and named this channel may mean another kind now.
      dirty ||= lines.some((line) => line.channel.kind === undefined && place(line.channel) === key);
    },
    take() {
      if (!dirty) return undefined;
      dirty = false;
      const subscriptions = lines.flatMap((line): Subscription[] =>
        line.kind === 'subscription' ? [{ ...line, channel: channelOf(line) }] : [],
      );
      const bindings = lines.flatMap((line): Binding[] =>
        line.kind === 'binding' ? [{ ...line, channel: channelOf(line) }] : [],
      );
      return { kind: 'topology', observedAt, channels: [], subscriptions, bindings };
    },
  };
}
