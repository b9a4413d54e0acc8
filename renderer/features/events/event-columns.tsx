import type { ReactNode } from 'react';
import type { EventRowDto } from '../../../app/contract/page.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { eventName } from '../../widgets/event-chip.tsx';
import { absolute, bytes } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { KeyText } from '../../widgets/key-text.tsx';
import { SystemMark, systemTitle } from '../../widgets/system-mark.tsx';
import { Ago } from '../../widgets/time.tsx';
import type { EventColumn } from './filter-terms.ts';

interface Column {
  readonly id: EventColumn;
  readonly title: string;
  readonly show: (row: EventRowDto) => ReactNode;
}

/** The columns of the tail, from left to right. */
export const columns: readonly Column[] = [
  { id: 'time', title: 'Time', show: ({ time }) => <Ago time={time} /> },
  { id: 'system', title: 'Broker', show: ({ channel }) => <SystemMark system={channel.system} /> },
  { id: 'type', title: 'Type', show: (row) => <Type row={row} /> },
  { id: 'channel', title: 'Channel', show: (row) => <Channel row={row} /> },
  {
    id: 'key',
    title: 'Message key',
    show: ({ key }) => (
      <span className="mono ellipsis" title={key}>
        {key}
      </span>
    ),
  },
  { id: 'producer', title: 'Publisher', show: (row) => <Producer row={row} /> },
  { id: 'size', title: 'Size', show: ({ size }) => bytes(size) },
  { id: 'trace', title: 'Trace', show: (row) => <Trace row={row} /> },
];

function Type({ row: { type, format, hasProblems } }: { readonly row: EventRowDto }) {
  return (
    <>
      <span className={`ellipsis ${type === undefined ? 'unknown' : 'event-row-type'}`} title={type}>
        {type ?? (format === 'tombstone' ? 'tombstone' : 'no type')}
      </span>
      {hasProblems && (
        <span className="event-row-problem" title="Something is wrong with it: select it to see what">
          <Icon name="alert" size={12} />
        </span>
      )}
    </>
  );
}

function Channel({ row: { channel, partition, offset } }: { readonly row: EventRowDto }) {
  const position = [partition, offset].filter((part) => part !== undefined).join('/');
  return (
    <>
      <span className="ellipsis" title={`${channel.name}, ${systemTitle(channel.system)} ${channel.kind}`}>
        {channel.name}
      </span>
      <span
        className="event-row-position ellipsis"
        title={partition === undefined ? `entry ${position}` : `partition ${partition}, offset ${offset}`}
      >
        {position}
      </span>
    </>
  );
}

function Producer({ row: { producer } }: { readonly row: EventRowDto }) {
  if (!producer) return null;
  return (
    <span
      className={`ellipsis ${producer.inferred ? 'inferred' : ''}`}
      title={producer.inferred ? `${producer.name}, inferred from the flow` : producer.name}
    >
      {producer.name}
    </span>
  );
}

function Trace({ row: { id, trace, keys } }: { readonly row: EventRowDto }) {
  const [first] = keys;
  const words = first ? <KeyText {...first} /> : trace === undefined ? null : 'Open';
  return trace === undefined ? (
    <span className="ellipsis">{words}</span>
  ) : (
    <RouteLink
      to={{ view: 'trace', id: trace, event: id, form: 'graph' }}
      className="ellipsis"
      title="Open its trace"
      tabIndex={-1}
    >
      {words}
    </RouteLink>
  );
}

/** "OrderPlaced on orders, 2026-03-01 10:00:00.123 +01:00, key 12345, published by storefront, 1.2 kB". */
export function rowName(row: EventRowDto): string {
  const { time, key, producer, size, hasProblems } = row;
  return [
    eventName(row),
    absolute(time),
    ...(key === undefined || key === '' ? [] : [`key ${key}`]),
    ...(producer ? [`published by ${producer.name}${producer.inferred ? ', inferred' : ''}`] : []),
    bytes(size),
    ...(hasProblems ? ['something is wrong with it'] : []),
  ].join(', ');
}
