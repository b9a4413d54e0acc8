import { useEffect, useRef } from 'react';
import { sayOfKey, useKeyGroups } from '../../state/keys.ts';
import type { NamedKeyDto } from '../../state/keys.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { Button } from '../../widgets/button.tsx';
import { StateWord } from '../../widgets/state-word.tsx';
import { actionsOf, actionWords, shownName, standingOf, standings, supportOf } from './key-words.ts';

interface KeyRowProps {
  readonly named: NamedKeyDto;
  /** It is another name of the key above. */
  readonly isOther: boolean;
  readonly active: boolean;
  onFocus(): void;
}

/** Channels that are named; the rest are counted. */
const channelsNamed = 3;

/** One name: what it is taken for, what speaks for that, where it stands, and what can be said of it. */
export function KeyRow({ named, isOther, active, onFocus }: KeyRowProps) {
  const busy = useKeyGroups((state) => state.busy.has(named.name));
  const actions = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // The focus goes with the choice of row, and comes back when the row has done what was asked.
    if (active && !busy && !actions.current?.contains(document.activeElement))
      actions.current?.querySelector('button')?.focus();
  }, [active, busy]);
  const shown = shownName(named.name);
  const channels = [...new Set(named.fields.map(({ channel }) => channel.name))];
  const paths = [...new Set(named.fields.map(({ path }) => path))];
  const where = named.fields.map(({ channel, path }) => `${channel.name}: ${path}`).join('\n');
  return (
    <li
      className={`key-line ${active ? 'current' : ''}`}
      aria-label={`${shown}, ${standings[standingOf(named)].word}`}
    >
      <StateWord {...standings[standingOf(named)]} />
      <div className="key-names">
        <span className="key-name ellipsis mono" title={shown}>
          {isOther && <span className="key-same">= </span>}
          {shown}
        </span>
        <span className="key-path ellipsis mono" title={paths.join('\n')}>
          {paths.slice(0, 2).join(', ')}
          {paths.length > 2 && ` and ${paths.length - 2} more`}
        </span>
      </div>
      <span className="key-support">{supportOf(named)}</span>
      <span className="key-channels ellipsis" title={where}>
        {channels.slice(0, channelsNamed).join(', ')}
        {channels.length > channelsNamed && ` and ${channels.length - channelsNamed} more`}
      </span>
      <span className="key-examples ellipsis">
        {named.examples.map((value, index) => (
          <span key={value}>
            {index > 0 && ', '}
            <RouteLink
              to={{ view: 'traces', query: /^[\w.-]+$/.test(value) ? value : JSON.stringify(value) }}
              className="mono"
              title={`Search for ${value}`}
            >
              {value}
            </RouteLink>
          </span>
        ))}
      </span>
      <span ref={actions} className="key-actions">
        {actionsOf(named).map((action, index) => (
          <Button
            // By place: the one that was pressed keeps the focus when it says something else.
            key={index}
            busy={busy}
            onFocus={onFocus}
            aria-label={`${actionWords[action]} ${shown}`}
            onClick={() => void sayOfKey(named.name, action)}
          >
            {actionWords[action]}
          </Button>
        ))}
      </span>
    </li>
  );
}
