import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import { createContext, useContext } from 'react';
import type { TraceRow } from '../../../app/contract/page.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { count, duration } from '../../widgets/format.ts';
import { KeyText } from '../../widgets/key-text.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import { Ago } from '../../widgets/time.tsx';
import { TraceStatus } from '../../widgets/trace-status.tsx';

/** A place of the list; its row comes through `RowContext`, so that each row follows only itself. */
export interface Place {
  readonly index: number;
}

export const RowContext = createContext<TraceRow | undefined>(undefined);

/** Whether rows are only what a capture says of itself: their traces cannot be opened yet. */
export const IsAnnounced = createContext(false);

export const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Place>();

const keysShown = 3;

function Cell({ show }: { readonly show: (row: TraceRow) => React.ReactNode }) {
  const row = useContext(RowContext);
  return row ? show(row) : <span className="skeleton" />;
}

/** The columns of the list, from left to right. */
export const columns = helper.columns([
  helper.display({
    id: 'status',
    header: 'Status',
    cell: () => <Cell show={(row) => <TraceStatus trace={row} />} />,
  }),
  helper.display({ id: 'key', header: 'Keys', cell: () => <Cell show={(row) => <Keys row={row} />} /> }),
  helper.display({
    id: 'systems',
    header: 'Brokers',
    cell: () => (
      <Cell show={(row) => row.systems.map((system) => <SystemMark key={system} system={system} />)} />
    ),
  }),
  helper.display({ id: 'events', header: 'Events', cell: () => <Cell show={(row) => count(row.events)} /> }),
  helper.display({ id: 'hops', header: 'Hops', cell: () => <Cell show={(row) => count(row.hops)} /> }),
  helper.display({
    id: 'duration',
    header: 'Duration',
    cell: () => <Cell show={(row) => <Length ms={row.end - row.start} />} />,
  }),
  helper.display({
    id: 'last',
    header: 'Last event',
    cell: () => <Cell show={(row) => <Ago time={row.end} />} />,
  }),
]);

const hour = 3_600_000;

/** How long, in words and as a bar: each tenfold adds the same length, an hour fills it. */
function Length({ ms }: { readonly ms: number }) {
  const part = Math.min(1, Math.log10(1 + Math.max(0, ms)) / Math.log10(hour));
  return (
    <>
      <span className="duration-words">{duration(ms)}</span>
      <span className="duration-bar" aria-hidden="true">
        <span style={{ width: `${Math.round(part * 100)}%` }} />
      </span>
    </>
  );
}

function Keys({ row }: { readonly row: TraceRow }) {
  const announced = useContext(IsAnnounced);
  const [first, ...rest] = row.keys;
  const query = first ? `${first.name}=${first.value}` : '';
  return (
    <>
      <RouteLink
        to={announced ? { view: 'traces', query } : { view: 'trace', id: row.id, form: 'graph' }}
        className="trace-key ellipsis"
        tabIndex={announced ? 0 : -1}
      >
        {first ? <KeyText {...first} /> : <span className="key-text name">{row.name ?? row.id}</span>}
      </RouteLink>
      {rest.slice(0, keysShown - 1).map((key) => (
        <span key={`${key.name}=${key.value}`} className="trace-key other ellipsis">
          <KeyText {...key} />
        </span>
      ))}
      {rest.length >= keysShown && (
        <span className="more-keys" title={rest.map(({ name, value }) => `${name}=${value}`).join('\n')}>
          +{rest.length - keysShown + 1}
        </span>
      )}
    </>
  );
}
