import type { ChainStep, MembershipExplanation } from '../../model/explanation.ts';
import { byTime, ranks, type EventNode, type Token } from '../nodes.ts';
import type { Cell } from '../partition.ts';
import { byStrength } from '../publish.ts';
import { chainTo } from './chain.ts';
import type { Picture } from './picture.ts';
import { placeOf } from './shared-values.ts';
import { counted, eventRef, labelsAmong, listed, startingWith } from './words.ts';

/** Why an event is in a trace; the trace is named by one of its joined events. */
export function whyMember(
  picture: Picture,
  event: EventNode,
  of: EventNode,
): MembershipExplanation | undefined {
  const cell = picture.cell(of);
  if (cell.includes(event)) return whyJoined(picture, event, cell);
  return picture.attached(cell).includes(event) ? whyListed(picture, event, cell) : undefined;
}

function whyJoined(picture: Picture, event: EventNode, cell: Cell): MembershipExplanation {
  const ref = eventRef(event);
  if (cell.length === 1) {
    const answer = 'It has a trace of its own: no other event shares a value with it that joins.';
    return { event: ref, how: 'alone', answer, chain: [{ event: ref }] };
  }
  const main = mainValue(cell);
  const carries = (node: EventNode) => main !== undefined && node.tokens.includes(main) && main.joins(node);
  if (main && carries(event)) {
    const others = cell.filter((node) => node !== event && carries(node));
    const nearest = others.toSorted(
      (a, b) => Math.abs(a.time - event.time) - Math.abs(b.time - event.time) || byTime(a, b),
    )[0]!;
    const place = placeOf(picture, event, main);
    return {
      event: ref,
      how: 'joined',
      answer: `It carries ${main.name}=${main.value}, as do ${counted(others.length, 'other event')} of this trace.`,
      chain: [
        { event: ref },
        {
          event: eventRef(nearest),
          by: {
            kind: 'value',
            name: main.name,
            value: main.value,
            from: place,
            to: placeOf(picture, nearest, main),
          },
        },
      ],
    };
  }
  const chain = chainTo(
    picture,
    event,
    (node) => node !== event && (main === undefined || carries(node)),
  ) ?? [{ event: ref }];
  return { event: ref, how: 'joined', answer: chainAnswer(chain, main), chain };
}

function chainAnswer(chain: readonly ChainStep[], main: Token | undefined): string {
  const mine = chain.some(({ by }) => by?.kind === 'user');
  const ways = chain.flatMap(({ by }) =>
    by?.kind === 'value' ? `${by.name}=${by.value}` : by ? 'your link' : [],
  );
  const to = main ? ` to those with ${main.name}=${main.value}` : '';
  if (mine && ways.length === 1) return `You linked it${to}.`;
  return `It is tied${to} over ${listed(ways, 5)}.`;
}

/** What ties most of a trace, the strongest first: what it is called after. */
function mainValue(cell: Cell): Token | undefined {
  const counts = new Map<Token, number>();
  for (const node of cell) {
    for (const token of node.tokens) {
      if (token.joins(node) && token.rank !== ranks.id) counts.set(token, (counts.get(token) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort(([a, ofA], [b, ofB]) => a.rank - b.rank || ofB - ofA || byStrength(a, b))[0]?.[0];
}

/** It is listed in the trace and not joined to it (attach.ts). */
function whyListed(picture: Picture, event: EventNode, cell: Cell): MembershipExplanation {
  const ref = eventRef(event);
  for (const node of cell) {
    const list = node.tokens.find((token) => event.listed.includes(token) && token.joins(node));
    const shared = node.tokens.find((token) => token.state === 'rejected' && event.tokens.includes(token));
    const token = list ?? shared;
    if (!token) continue;
    const said = `${token.name}=${token.value}`;
    return {
      event: ref,
      how: 'listed',
      answer: list
        ? `It is only listed here: it names ${said} among others, as a batch does. That joins no traces.`
        : `It is only listed here: it carries ${said}, and so do events of ${listed(labelsAmong(token.carriers, token))}. What several share joins none of them.`,
      chain: [
        { event: ref },
        {
          event: eventRef(node),
          by: {
            ...{ kind: 'value', name: token.name, value: token.value },
            ...{ from: placeOf(picture, event, token), to: placeOf(picture, node, token) },
          },
        },
      ],
    };
  }
  return {
    event: ref,
    how: 'listed',
    answer: `${startingWith(event)} is only listed here.`,
    chain: [{ event: ref }],
  };
}
