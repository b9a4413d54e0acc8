import type {
  EventHeadDto,
  LinkDto,
  MembershipExplanationDto,
  PairExplanationDto,
} from '../../app/contract/page.ts';
import type { FakeTrace } from './build.ts';

type Action = 'confirm' | 'add' | 'cut';

/** What the reader said of links, and traces as that makes them. */
export class FakeEdits {
  private readonly said = new Map<
    string,
    { readonly from: string; readonly to: string; readonly action: Action }
  >();

  set(from: string, to: string, action: Action | 'undo'): void {
    const key = `${from} ${to}`;
    if (action === 'undo') this.said.delete(key);
    else this.said.set(key, { from, to, action });
  }

  get(from: string, to: string): Action | undefined {
    return this.said.get(`${from} ${to}`)?.action;
  }

  cut(event: string): { from: string; to: string }[] {
    return [...this.said.values()].filter(
      ({ from, to, action }) => action === 'cut' && (from === event || to === event),
    );
  }

  /** The trace, joined with those that a link of the reader's leads to. */
  applied(trace: FakeTrace, traceOf: (event: string) => FakeTrace | undefined): FakeTrace {
    let whole = trace;
    for (const { from, to, action } of this.said.values()) {
      if (action === 'cut') continue;
      const [a, b] = [traceOf(from), traceOf(to)];
      if (!a || !b || a === b || (a !== trace && b !== trace)) continue;
      whole = {
        ...a,
        keys: [...a.keys, ...b.keys],
        events: [...a.events, ...b.events].sort((x, y) => x.head.time - y.head.time),
        links: [...a.links, ...b.links],
        deliveries: [...a.deliveries, ...b.deliveries],
      };
    }
    const ids = new Set(whole.events.map(({ head }) => head.id));
    const links = whole.links.filter(({ from, to }) => !this.said.has(`${from} ${to}`));
    const mine = [...this.said.values()].filter(
      ({ from, to, action }) => action !== 'cut' && ids.has(from) && ids.has(to),
    );
    return { ...whole, links: [...links, ...mine.map(mineLink)] };
  }
}

function mineLink({ from, to, action }: { from: string; to: string; action: Action }): LinkDto {
  const why = action === 'add' ? 'you linked these events' : 'you confirmed this link';
  return { from, to, evidence: 'user', confidence: 1, why };
}

const ref = ({ id, type, channel, time }: EventHeadDto) => ({ id, type, channel: channel.name, time });
const place = { origin: 'payload', path: 'orderId' };

/** An answer of the right form, made up of what the two events say. */
export function fakeWhy(
  edits: FakeEdits,
  trace: FakeTrace,
  [a, b]: readonly [EventHeadDto, EventHeadDto],
): PairExplanationDto {
  const link = trace.links.find(
    ({ from, to }) => (from === a.id && to === b.id) || (from === b.id && to === a.id),
  );
  const [cause, effect] = link?.from === b.id || (!link && b.time < a.time) ? [b, a] : [a, b];
  const same =
    trace.events.some(({ head }) => head.id === a.id) && trace.events.some(({ head }) => head.id === b.id);
  const shared = cause.keys.find(({ name, value }) =>
    effect.keys.some((k) => k.name === name && k.value === value),
  );
  const runnerUp = trace.events.find(({ head }) => head.id !== cause.id && head.time < effect.time)?.head;
  const guessed = link?.evidence === 'key-and-time';
  const edit = edits.get(cause.id, effect.id);
  const reason =
    edit === 'cut'
      ? 'You cut this link, so it is never shown again unless you undo that.'
      : same
        ? `Its publisher ${effect.producer?.name ?? 'nobody'} is known not to read ${cause.channel.name}.`
        : 'They are in no trace together, and links run inside a trace only.';
  return {
    from: ref(cause),
    to: ref(effect),
    ...(link && { link }),
    ...(edit && { edit }),
    answer: link ? (guessed ? `A guess, at 70 %: ${link.why}` : `Proven: ${link.why}`) : reason,
    reasons: guessed
      ? [
          'The event names no cause, so the likeliest earlier event of its trace is taken.',
          `${effect.producer?.name ?? 'nobody'} reads ${cause.channel.name}, and published the event.`,
          '147 ms lie between them: the nearer, the likelier.',
        ]
      : [link ? 'The message says so itself, so nothing was guessed.' : reason],
    ...(link && {
      rule: guessed
        ? {
            framework: 'Headwater, shared key and time',
            field: 'orderId',
            source: 'an event that names no cause follows from the likeliest earlier event of its trace',
          }
        : {
            framework: 'common names',
            field: 'causationid',
            source:
              'https://www.enterpriseintegrationpatterns.com/patterns/messaging/CorrelationIdentifier.html',
          },
    }),
    values: shared
      ? [
          {
            ...shared,
            from: place,
            to: place,
            ties: same,
            text: 'It joins them: 14 events of this trace carry it.',
          },
        ]
      : [],
    others:
      guessed && runnerUp
        ? [
            {
              event: ref(runnerUp),
              confidence: 0.5,
              why: 'It is near.',
              lost: 'it came earlier, 160 ms before and not 147 ms',
            },
          ]
        : [],
    together: {
      same,
      text: same ? 'They are in one trace, tied directly.' : 'They are in two traces and share no value.',
      chain:
        same && shared
          ? [
              { event: ref(cause) },
              { event: ref(effect), by: { kind: 'value', ...shared, from: place, to: place } },
            ]
          : [],
    },
  };
}

/** Why an event is in its trace: by its first key. */
export function fakeMembership(trace: FakeTrace, head: EventHeadDto): MembershipExplanationDto {
  const [key] = head.keys;
  const nearest = trace.events.find((each) => each.head.id !== head.id)?.head;
  return {
    event: ref(head),
    how: key ? 'joined' : 'alone',
    answer: key
      ? `It carries ${key.name}=${key.value}, as do ${trace.events.length - 1} other events of this trace.`
      : 'It has a trace of its own: no other event shares a value with it that joins.',
    chain: [
      { event: ref(head) },
      ...(key && nearest
        ? [{ event: ref(nearest), by: { kind: 'value' as const, ...key, from: place, to: place } }]
        : []),
    ],
  };
}
