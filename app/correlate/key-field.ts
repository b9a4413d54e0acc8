import type { CorrelationKey } from '../model/event.ts';
import type { Channel } from '../model/message.ts';

/** What a field is before anything is known of its values: what its name says. */
export type FieldSort =
  /** A process's key, a correlation id or a trace id: believed. */
  | 'trusted'
  /** Named like a key (`fooId`, `reference`), or the message key: believed until its values prove to be shared. */
  | 'named'
  /** Its values look like ids, its name says nothing. */
  | 'found'
  /** Named like what many flows share (`customerId`): no key, unless its values prove to be one flow's each, or the user says so. */
  | 'shared-by-name';

/** Which of a field's values join: all, those that chance never repeats, none. */
export type Policy = 'all' | 'random' | 'none';

export type FieldVerdict = 'key' | 'shared' | 'unsure';

/** Values kept of a field: enough to tell a tenth from a third. */
const sampleSize = 128;
/** Events of a kind that are counted for a value; more make no difference. */
export const manyEvents = 16;

/** Events of one type that carry a value. */
export interface Sighting {
  readonly type: string | undefined;
  /** Hashes of the messages' ids, at most `manyEvents`: a message that was recorded twice counts once. */
  readonly events: number[];
  from: number;
  to: number;
}

export interface SampledValue {
  readonly text: string;
  readonly sightings: Sighting[];
}

/** Who has a value in the sample. */
export interface SampleIndex {
  enter(hash: number, field: Field): void;
  leave(hash: number, field: Field): void;
}

/**
 * One field of one channel, and a sample of its values: those with the lowest hashes. Which these are, and who carries
 * them, does not depend on the order of events; and two fields that hold the same values have the same in their samples.
 */
export class Field {
  readonly channel: Channel;
  readonly channelKey: string;
  readonly name: string;
  readonly path: string;
  readonly origin: CorrelationKey['origin'];
  readonly sort: FieldSort;
  /** By hash. */
  readonly values = new Map<number, SampledValue>();
  /** Values above this hash are not in the sample. */
  limit = Infinity;
  /** Time of the first and of the last event that has the field. */
  from = Infinity;
  to = -Infinity;
  verdict: FieldVerdict;
  policy: Policy;
  /** Its plain numbers are those of a process's key. */
  isNumberOfProcess = false;
  /** Some of its values are no random ids. */
  hasPlain = false;

  constructor(channel: Channel, channelKey: string, key: CorrelationKey, sort: FieldSort) {
    this.channel = channel;
    this.channelKey = channelKey;
    this.name = key.name;
    this.path = key.path;
    this.origin = key.origin;
    this.sort = sort;
    this.verdict = sort === 'trusted' ? 'key' : sort === 'shared-by-name' ? 'shared' : 'unsure';
    this.policy = policyOf(sort, this.verdict);
  }

  /** Takes down that an event has the field. */
  passes(time: number): void {
    if (time < this.from) this.from = time;
    if (time > this.to) this.to = time;
  }

  /** Takes down who carries a value that is not above the limit. `index` is told of what enters and leaves the sample. */
  see(
    { hash, text }: { readonly hash: number; readonly text: string },
    {
      type,
      event,
      time,
    }: { readonly type: string | undefined; readonly event: number; readonly time: number },
    index: SampleIndex,
  ): void {
    let value = this.values.get(hash);
    if (value === undefined) {
      value = { text, sightings: [] };
      this.values.set(hash, value);
      index.enter(hash, this);
      if (this.values.size > sampleSize) this.dropHighest(index);
    }
    let sighting = value.sightings.find((one) => one.type === type);
    if (sighting === undefined) {
      sighting = { type, events: [], from: time, to: time };
      value.sightings.push(sighting);
    }
    const { events } = sighting;
    if (events.length < manyEvents && !events.includes(event)) events.push(event);
    if (time < sighting.from) sighting.from = time;
    if (time > sighting.to) sighting.to = time;
  }

  private dropHighest(index: SampleIndex): void {
    let highest = 0;
    let next = 0;
    for (const hash of this.values.keys()) {
      if (hash > highest) [highest, next] = [hash, highest];
      else if (hash > next) next = hash;
    }
    this.values.delete(highest);
    this.limit = next;
    index.leave(highest, this);
  }

  /** How many distinct values it has had, from how close together those of the sample lie. */
  get distinct(): number {
    const { size } = this.values;
    return this.limit === Infinity ? size : Math.round(((size - 1) / this.limit) * Number.MAX_SAFE_INTEGER);
  }
}

/** Which values join, after a verdict. */
export function policyOf(sort: FieldSort, verdict: FieldVerdict): Policy {
  switch (sort) {
    case 'trusted':
      return 'all';
    case 'named':
      return verdict === 'shared' ? 'none' : 'all';
    case 'found':
      return verdict === 'key' ? 'all' : verdict === 'shared' ? 'none' : 'random';
    case 'shared-by-name':
      return verdict === 'key' ? 'all' : 'none';
  }
}
