import type { ReactNode } from 'react';
import type { ConnectionDto } from '../../../app/contract/page.ts';
import { isBeingRead } from '../../state/announced.ts';
import { useConnections } from '../../state/connections.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { absolute, counted } from '../../widgets/format.ts';
import { SystemMark } from '../../widgets/system-mark.tsx';
import '../../widgets/view.css';

/** Nothing recorded: what is being waited for, or how to begin. */
export function NothingYet({ children }: { readonly children: ReactNode }) {
  const byId = useConnections((state) => state.byId);
  const all = [...byId.values()];
  const file = all.find(isBeingRead);
  const live = all.filter(({ phase, system }) => phase === 'live' && system !== 'file').length;
  if (file) {
    return (
      <div className="blank">
        <h2>Reading {file.name}</h2>
        <p>Its events and their traces appear here as they are read.</p>
      </div>
    );
  }
  if (live === 0 && all.some(({ system, phase }) => system === 'file' && phase === 'failed')) {
    return (
      <div className="blank">
        <h2>Nothing was read</h2>
        <p>What stood against it is said above. Open another file, or begin with something else.</p>
        {children}
      </div>
    );
  }
  return (
    <div className="blank">
      <h2>{live > 0 ? 'Waiting for the first event' : 'Nothing recorded yet'}</h2>
      <p>
        {live > 0
          ? `${counted(live, 'connection')} live. Events and their traces appear here within a second.`
          : 'Events and their traces appear here as soon as events are read from a broker or a file.'}
      </p>
      {live === 0 && children}
    </div>
  );
}

/** What each connection has read, so that "not found" is not taken for "never happened". */
export function WhatWasRead() {
  const ids = useConnections((state) => state.ids);
  const byId = useConnections((state) => state.byId);
  const connections = (ids ?? []).flatMap((id) => byId.get(id) ?? []);
  return (
    <section aria-labelledby="read-title">
      <h3 id="read-title">What was read</h3>
      {connections.length === 0 ? (
        <p className="faint">
          Nothing: there is no connection.{' '}
          <RouteLink to={{ view: 'connections', adding: true }}>Connect to a broker</RouteLink>
        </p>
      ) : (
        <ul className="coverage">
          {connections.map((connection) => (
            <li key={connection.id}>
              <SystemMark system={connection.system} />
              <b>{connection.name}</b>
              <span>{readWords(connection)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What a connection has read, and what not, in a sentence. */
function readWords({ system, phase, from, channels, events, active }: ConnectionDto): string {
  const gaps = active.reduce((sum, channel) => sum + channel.gaps.length, 0);
  const since =
    system === 'file'
      ? 'the whole file'
      : system === 'demo'
        ? 'the whole demo, a made-up shop'
        : from === 'earliest'
          ? 'from the earliest event that the broker keeps'
          : from === 'latest'
            ? 'only what came since it was connected'
            : `since ${absolute(from)}`;
  const parts = [
    since,
    channels === 'all' ? 'all channels' : counted(channels.length, 'channel'),
    counted(events, 'event'),
    ...(gaps > 0 ? [counted(gaps, 'gap')] : []),
    ...(phase === 'live' || phase === 'done' ? [] : [`${phase} now`]),
  ];
  return parts.join(' · ');
}
