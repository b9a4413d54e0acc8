import { clockOf, offsetText } from '../../model/clock.ts';
import type { PairExplanation } from '../../model/explanation.ts';
import type { Link } from '../../model/trace.ts';
import { durationText } from '../../base/duration-text.ts';
import type { EventNode } from '../nodes.ts';
import { findRule } from '../rules/find-rule.ts';
import type { Guess } from './guesses.ts';
import type { Picture } from './picture.ts';
import { closestValue, isTracedTogether } from './shared-values.ts';
import { counted, nameOf, percent } from './words.ts';

type Why = Pick<PairExplanation, 'answer' | 'reasons' | 'rule'>;

/** Why one event is taken to be the cause of another. */
export function whyLink(
  picture: Picture,
  link: Link,
  [cause, effect]: readonly [EventNode, EventNode],
  guesses: readonly Guess[],
): Why {
  const proven = link.confidence >= 1 ? 'Proven' : percent(link.confidence);
  switch (link.evidence) {
    case 'user':
      return {
        answer: `You said so: ${link.why}.`,
        reasons: ['What you say counts more than what is found, and is kept with captures.'],
      };
    case 'duplicate':
      return {
        answer: `Proven: ${link.why}, so the later is the same message again.`,
        reasons: [
          `Both are called ${effect.type ?? 'nothing'} and have one message id.`,
          'A repeat causes nothing that the first copy did not.',
        ],
      };
    case 'key-and-time':
      return {
        answer: `A guess, at ${percent(link.confidence)}: ${link.why}.`,
        reasons: guessReasons(picture, link, cause, effect, guesses),
        rule: {
          framework: 'Headwater, shared key and time',
          field: closestValue(cause, effect)?.name ?? 'trace',
          source: 'an event that names no cause follows from the likeliest earlier event of its trace',
        },
      };
    default:
      return {
        answer: `${proven}: ${link.why}.`,
        reasons: [
          link.confidence >= 1
            ? 'The message says so itself, so nothing was guessed.'
            : `The message says so itself, but with a field that flows also use to mark all their events: ${percent(link.confidence)}.`,
        ],
        ...statedBy(cause, effect, link),
      };
  }
}

/** What there is to say of an effect that has an earlier time than its cause. */
export function againstTime(picture: Picture, [cause, effect]: readonly [EventNode, EventNode]): string[] {
  if (effect.time >= cause.time) return [];
  const [ahead, behind] = [clockOf(cause), clockOf(effect)];
  const known = picture.clockOffsets().find((one) => one.ahead === ahead && one.behind === behind);
  const told = known
    ? `Clocks differ: ${offsetText(known)}, as ${counted(known.links, 'link')} prove`
    : 'Clocks differ, or one of the times is wrong';
  return [`By its time it came ${durationText(cause.time - effect.time)} before its cause. ${told}.`];
}

/** The field that names the cause, and whose rule that is. */
function statedBy(cause: EventNode, effect: EventNode, { evidence }: Link): Pick<Why, 'rule'> {
  const named = effect.causes.find(
    (one) => one.evidence === evidence && (cause.id === one.id || cause.ids.includes(one.id)),
  );
  if (!named) return {};
  const field = named.path;
  const rule = findRule(field === 'x-death' ? 'death' : fieldOf(field), (meaning) => {
    switch (evidence) {
      case 'dead-letter':
        return meaning.as === 'dead-letter' || meaning.as === 'x-death';
      case 'reply-to':
        return meaning.as === 'correlation'
          ? meaning.replies === true
          : meaning.as === 'cause' && meaning.evidence === 'reply-to';
      default:
        return meaning.as === 'cause' && (meaning.evidence ?? 'causation-header') === evidence;
    }
  });
  return rule ? { rule: { ...rule, field } } : {};
}

/** Of several headers that are one statement, the one that is a rule's. */
function fieldOf(path: string): string {
  return path === 'original topic, partition and offset' ? 'kafka_dlt-original-topic' : path;
}

/** How sure a guess is, and why: only what is so, whatever weight each has. */
function guessReasons(
  { consumers }: Picture,
  { confidence }: Link,
  cause: EventNode,
  effect: EventNode,
  guesses: readonly Guess[],
): string[] {
  const implied = effect.producer === undefined ? consumers.namesake(effect.channel) : undefined;
  const producer = effect.producer ?? implied;
  const reads = consumers.reads(producer, cause.channel);
  const shared = closestValue(cause, effect);
  const gap = effect.time - cause.time;
  const rivals = guesses.length - 1;
  return [
    'The event names no cause, so the likeliest earlier event of its trace is taken.',
    producer === undefined
      ? 'Who published it is not known, so nothing tells which channel its publisher reads.'
      : reads.is === 'yes'
        ? `${reads.as} reads ${cause.channel.name}, and ${implied === undefined ? 'published' : 'by the name of the channel probably published'} the event.`
        : `Whether ${producer} reads ${cause.channel.name} is not known.`,
    ...(isTracedTogether(cause, effect) ? ['The services traced both under one trace id.'] : []),
    shared
      ? `Both carry ${shared.name}=${shared.value}; ${counted(shared.carriers.length, 'event')} in all do.`
      : 'They share no value themselves; others of the trace tie them.',
    `${durationText(Math.max(0, gap))} lie between them: the nearer, the likelier.`,
    rivals > 0
      ? `${counted(rivals, 'other earlier event')} could be the cause too, which makes it less sure.`
      : 'No other earlier event could be the cause.',
    `Together that is worth ${percent(confidence)}. A guess is never proof.`,
  ];
}

/** What speaks for the cause that was chosen, against another: only what is so. */
export function whyLost(
  { consumers }: Picture,
  effect: EventNode,
  chosen: EventNode,
  other: EventNode,
): string {
  const producer = effect.producer ?? consumers.namesake(effect.channel);
  const reads = (node: EventNode) => consumers.reads(producer, node.channel);
  const points: string[] = [];
  if (isTracedTogether(effect, chosen) && !isTracedTogether(effect, other))
    points.push('the chosen cause was traced together with the effect');
  const consumer = reads(chosen);
  if (consumer.is === 'yes' && reads(other).is !== 'yes')
    points.push(`${consumer.as} is known to read ${chosen.channel.name}, and not ${other.channel.name}`);
  const [mine, theirs] = [closestValue(effect, chosen), closestValue(effect, other)];
  if (mine && !theirs) points.push('it shares no value with the effect');
  else if (mine && theirs && mine !== theirs && mine.carriers.length < theirs.carriers.length)
    points.push(
      `${mine.name}=${mine.value}, which the chosen cause shares, is carried by fewer events than ${theirs.name}=${theirs.value}`,
    );
  if (
    other.producer !== undefined &&
    other.producer === effect.producer &&
    chosen.producer !== effect.producer
  )
    points.push(`${other.producer} published both, so they rather follow from the same cause`);
  const [near, far] = [effect.time - chosen.time, effect.time - other.time];
  if (near < far)
    points.push(
      `it came earlier, ${durationText(Math.max(0, far))} before and not ${durationText(Math.max(0, near))}`,
    );
  return points.length > 0 ? points.join('; ') : `${nameOf(chosen)} came after it and says the same`;
}
