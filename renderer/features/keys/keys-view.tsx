import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { KeyGroupDto } from '../../../app/contract/page.ts';
import { sayOfKey, showKeys, useKeyGroups } from '../../state/keys.ts';
import type { KeyAction } from '../../state/keys.ts';
import { Button } from '../../widgets/button.tsx';
import { count, counted } from '../../widgets/format.ts';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { useKeys } from '../../widgets/use-keys.ts';
import { KeyRow } from './key-row.tsx';
import { actionsOf, groupName, sectionsOf } from './key-words.ts';
import '../../widgets/field.css';
import '../../widgets/view.css';
import './keys.css';

/** Groups shown at first; more are one press away. */
const shownAtFirst = 150;

/** Which names tie events together, why Headwater thinks so, and what the reader says of it. */
export function KeysView({ nothingYet }: { readonly nothingYet: ReactNode }) {
  const groups = useKeyGroups((state) => state.groups);
  const problem = useKeyGroups((state) => state.problem);
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(shownAtFirst);
  const [active, setActive] = useState<string>();
  useEffect(showKeys, []);
  const parts = useMemo(() => cut(sectionsOf(groups ?? [], search), shown), [groups, search, shown]);
  const found = parts.reduce((sum, part) => sum + part.total, 0);
  const rows = parts.flatMap((part) => part.groups.flatMap(({ names }) => names));

  const step = (by: number): void => {
    const at = rows.findIndex(({ name }) => name === active);
    setActive(rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.name);
  };
  const say = (action: KeyAction): boolean => {
    const named = rows.find(({ name }) => name === active);
    if (!named || !actionsOf(named).includes(action)) return false;
    void sayOfKey(named.name, action);
    return true;
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    a: () => say('accept'),
    x: () => say('reject'),
    u: () => say('undo'),
    Escape: () => setActive(undefined),
  });

  return (
    <section className="key-view" aria-busy={groups === undefined}>
      <header className="view-bar">
        <h1>Keys</h1>
        {groups && groups.length > 0 && <span className="view-count">{count(groups.length)}</span>}
        <input
          className="input slim push"
          type="text"
          placeholder="Filter by name, channel or value"
          aria-label="Filter keys"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </header>
      {problem && <ProblemNote problem={problem} />}
      <div className="key-scroll">
        {groups === undefined &&
          [0, 1, 2, 3].map((index) => (
            <div key={index} className="skeleton key-skeleton" aria-hidden="true" />
          ))}
        {groups?.length === 0 && nothingYet}
        {groups && groups.length > 0 && found === 0 && (
          <div className="blank">
            <h2>No key holds “{search}”</h2>
            <Button onClick={() => setSearch('')}>Show all keys</Button>
          </div>
        )}
        {parts.map(
          (part) =>
            part.groups.length > 0 && (
              <section key={part.section.id} aria-label={part.section.title}>
                <h2>
                  {part.section.title} <span className="view-count">{count(part.total)}</span>
                  <span className="key-note">{part.section.note}</span>
                </h2>
                {part.groups.map((group) => (
                  <Group key={groupName(group)} group={group} active={active} onActive={setActive} />
                ))}
              </section>
            ),
        )}
        {found > shown && (
          <Button className="key-more" onClick={() => setShown(shown * 4)}>
            {`Show more of ${counted(found, 'key')}`}
          </Button>
        )}
      </div>
    </section>
  );
}

type Parts = ReturnType<typeof sectionsOf>;

/** As many groups as are shown, over all sections. */
function cut(parts: Parts, shown: number): (Parts[number] & { readonly total: number })[] {
  let left = shown;
  return parts.map(({ section, groups }) => {
    const some = groups.slice(0, left);
    left -= some.length;
    return { section, groups: some, total: groups.length };
  });
}

interface GroupProps {
  readonly group: KeyGroupDto;
  readonly active: string | undefined;
  onActive(name: string): void;
}

/** Names with the same values, told as one key. */
function Group({ group, active, onActive }: GroupProps) {
  const { names, common } = group;
  const list = (
    <ul aria-label={groupName(group)}>
      {names.map((named, index) => (
        <KeyRow
          key={named.name}
          named={named}
          isOther={index > 0}
          active={named.name === active}
          onFocus={() => onActive(named.name)}
        />
      ))}
    </ul>
  );
  if (names.length === 1) return list;
  return (
    <div className="key-group">
      <h3>
        <span className="mono">{groupName(group)}</span>
        <span className="key-note">
          one key under {counted(names.length, 'name')}: {counted(common, 'value')} in common
        </span>
      </h3>
      {list}
    </div>
  );
}
