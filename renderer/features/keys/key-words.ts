import type { KeyGroupDto } from '../../../app/contract/page.ts';
import type { KeyAction, NamedKeyDto } from '../../state/keys.ts';
import { count, counted } from '../../widgets/format.ts';
import type { IconName } from '../../widgets/icon.tsx';
import type { Tone } from '../../widgets/state-word.tsx';

/** What a name is taken for. */
export type Standing = 'key' | 'unsure' | 'shared' | 'accepted' | 'rejected';

export function standingOf({ said, joins, verdict, sort }: NamedKeyDto): Standing {
  if (said) return said === 'accept' ? 'accepted' : 'rejected';
  if (joins === 'all') return 'key';
  return verdict === 'shared' || sort === 'shared-by-name' ? 'shared' : 'unsure';
}

/** Each standing in a word. */
export const standings: Readonly<Record<Standing, { icon: IconName; word: string; tone: Tone }>> = {
  key: { icon: 'check', word: 'Key', tone: 'good' },
  accepted: { icon: 'check', word: 'Accepted by you', tone: 'accent' },
  unsure: { icon: 'info', word: 'Unsure', tone: 'warn' },
  shared: { icon: 'ring', word: 'Shared', tone: 'plain' },
  rejected: { icon: 'cross', word: 'Rejected by you', tone: 'plain' },
};

/** Sections of the list, in order. */
export const sections = [
  {
    id: 'keys',
    title: 'Tie events',
    note: 'Events that carry the same value belong together.',
    holds: ['key', 'accepted'],
  },
  {
    id: 'unsure',
    title: 'Unsure',
    note: 'Not enough was recorded to tell. Only values that chance never repeats tie, such as UUIDs.',
    holds: ['unsure'],
  },
  {
    id: 'shared',
    title: 'Tie nothing',
    note: 'Their values are shared by many flows, or you rejected them.',
    holds: ['shared', 'rejected'],
  },
] as const satisfies readonly {
  id: string;
  title: string;
  note: string;
  holds: readonly Standing[];
}[];

/** What can be said of a name, the likelier first. */
export function actionsOf(key: NamedKeyDto): readonly KeyAction[] {
  switch (standingOf(key)) {
    case 'accepted':
    case 'rejected':
      return ['undo'];
    case 'key':
      return ['reject'];
    case 'shared':
      return ['accept'];
    case 'unsure':
      return ['accept', 'reject'];
  }
}

export const actionWords: Readonly<Record<KeyAction, string>> = {
  accept: 'Accept',
  reject: 'Reject',
  undo: 'Undo',
};

/** What speaks for or against it, in a sentence. */
export function supportOf(key: NamedKeyDto): string {
  const { sort, verdict, values, tied, recurring, channels } = key;
  const one = values === 1;
  if (verdict === 'shared' && sort !== 'shared-by-name') {
    return `${count(recurring)} of ${counted(values, 'value')} come again and again in events of one kind`;
  }
  const ties =
    tied > 0
      ? channels > 1
        ? `${counted(tied, 'value')} ${tied === 1 ? 'ties' : 'tie'} ${counted(channels, 'channel')}`
        : `${counted(tied, 'value')} ${tied === 1 ? 'ties' : 'tie'} events of several types`
      : `${counted(values, 'value')}, found nowhere else so far`;
  if (sort === 'shared-by-name' && key.joins !== 'all')
    return `Named like what many flows share; ${counted(values, 'value')}`;
  if (key.joins === 'none' && verdict !== 'shared' && !key.said)
    return `${ties}; plain ${one ? 'number' : 'numbers'}, which tie only if you accept them`;
  return ties;
}

/** The names of a group as one: `orderId = reference = key`. */
export function groupName({ names }: KeyGroupDto): string {
  return names.map(({ name }) => shownName(name)).join(' = ');
}

/** The message's own key has no name of its own. */
export function shownName(name: string): string {
  return name === 'key' ? 'message key' : name;
}

/** Groups of each section whose names, channels, paths or values hold the text. A group stands where its first name does. */
export function sectionsOf(
  groups: readonly KeyGroupDto[],
  search: string,
): readonly { readonly section: (typeof sections)[number]; readonly groups: readonly KeyGroupDto[] }[] {
  const wanted = search.trim().toLowerCase();
  const found = groups.filter(
    (group) => wanted === '' || group.names.some((key) => textOf(key).includes(wanted)),
  );
  return sections.map((section) => ({
    section,
    groups: found.filter(({ names: [first] }) => {
      return first && (section.holds as readonly Standing[]).includes(standingOf(first));
    }),
  }));
}

function textOf({ name, fields, examples }: NamedKeyDto): string {
  const where = fields.flatMap(({ channel, path }) => [channel.name, path]);
  return [shownName(name), ...where, ...examples].join('\n').toLowerCase();
}
