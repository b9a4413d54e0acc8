import type { DeliveryDto, EventDetailDto, TraceRow } from '../../../app/contract/page.ts';
import { LinkWhy, SayButton } from '../../canvas/link-why.tsx';
import { evidenceWords } from '../../canvas/link-edge.tsx';
import { RouteLink } from '../../state/route-link.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { deliveryLooks } from '../../widgets/deliveries.ts';
import { eventName } from '../../widgets/event-chip.tsx';
import { absolute, bytes, counted, duration } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { KeyText } from '../../widgets/key-text.tsx';
import { StateWord } from '../../widgets/state-word.tsx';
import { deliveryTime } from './delivery-time.ts';
import { fromBase64 } from './hex.ts';
import { WhyHere } from './why-here.tsx';

export function DeliveriesTable({
  deliveries,
  published,
}: {
  readonly deliveries: readonly DeliveryDto[];
  readonly published: number;
}) {
  return (
    <ul className="rows">
      {deliveries.map((delivery) => {
        const look = deliveryLooks[delivery.status];
        const known = delivery.time ?? delivery.before ?? delivery.after;
        return (
          <li key={JSON.stringify(delivery)} className="delivery">
            <b className="ellipsis">{delivery.consumer}</b>
            <StateWord {...look} />
            <span className="row-note" title={known === undefined ? undefined : absolute(known)}>
              {deliveryTime(delivery, published)}
            </span>
            <span className="row-note">
              by {delivery.evidence}
              {delivery.via !== undefined && `, via ${delivery.via}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface LinkRowsProps {
  readonly detail: EventDetailDto;
  readonly direction: 'in' | 'out';
  /** Where it is looked at; without it a click goes to the first trace that it is in. */
  readonly trace: string | undefined;
}

/** Causes or effects, each with its evidence; a click goes there. */
export function LinkRows({ detail, direction, trace = detail.traces[0]?.id }: LinkRowsProps) {
  const { id, time } = detail.head;
  const isOf = (link: { from: string; to: string }) => (direction === 'in' ? link.to : link.from) === id;
  const links = detail.links.filter(isOf);
  const cut = detail.cut.filter(isOf);
  return (
    <ul className="rows">
      {links.map(({ from, to, other, evidence, confidence, why }) => {
        const wait = direction === 'in' ? time - other.time : other.time - time;
        const label = (
          <>
            <Icon name={direction === 'in' ? 'left' : 'right'} size={12} />
            <b className="ellipsis">{eventName(other)}</b>
          </>
        );
        return (
          <li key={JSON.stringify([from, to, evidence])} className="linked">
            {trace === undefined ? (
              <span className="linked-event">{label}</span>
            ) : (
              <RouteLink
                to={{ view: 'trace', id: trace, event: other.id, form: 'graph' }}
                className="linked-event"
              >
                {label}
              </RouteLink>
            )}
            <span className="row-note">{duration(wait)}</span>
            <span className={`linked-evidence ${evidence === 'user' ? 'yours' : ''}`}>
              {evidenceWords({ evidence, confidence })}
            </span>
            <p className="linked-why">{why}</p>
            <LinkWhy link={{ from, to, evidence, confidence }} trace={trace} name={eventName(other)} />
          </li>
        );
      })}
      {cut.map(({ from, to, other }) => (
        <li key={JSON.stringify([from, to])} className="linked">
          <span className="linked-event">
            <Icon name={direction === 'in' ? 'left' : 'right'} size={12} />
            <s className="ellipsis">{eventName(other)}</s>
          </span>
          <span className="linked-evidence yours">cut by you: no link</span>
          <div className="link-actions">
            <SayButton said={{ from, to }} action="undo" word="Undo" name={eventName(other)} />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function KeysTable({ keys }: { readonly keys: EventDetailDto['keys'] }) {
  return (
    <ul className="rows">
      {keys.map((key) => (
        <li key={JSON.stringify(key)} className="key-row">
          <RouteLink
            to={{ view: 'traces', query: `${quoted(key.name)}=${quoted(key.value)}` }}
            title="Search for it"
          >
            <KeyText name={key.name} value={key.value} />
          </RouteLink>
          <span className="row-note">
            from {key.origin} {key.path} · {roleWords[key.role]}
          </span>
        </li>
      ))}
    </ul>
  );
}

const roleWords: Readonly<Record<EventDetailDto['keys'][number]['role'], string>> = {
  joins: 'joins traces',
  found: 'looks like an id; see Keys for whether it joins',
  member: 'member only, joins nothing',
};

/** As the search reads it back. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

export function HeadersTable({ headers }: { readonly headers: EventDetailDto['headers'] }) {
  return (
    <table className="headers">
      <thead className="visually-hidden">
        <tr>
          <th>Name</th>
          <th>Value</th>
          <th>Copy</th>
        </tr>
      </thead>
      <tbody>
        {headers.map(({ name, value, encoding }, index) => (
          // Names may repeat; their order is fixed.
          <tr key={`${index} ${name}`}>
            <th scope="row">{name}</th>
            <td>
              {encoding === 'base64'
                ? `${bytes(fromBase64(value).length)} binary: ${value.slice(0, 200)}`
                : value}
            </td>
            <td>
              <CopyButton what={`header ${name}`} text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Facts of one system that have no place of their own. */
export function MoreFacts({
  title,
  facts,
}: {
  readonly title: string;
  readonly facts: Record<string, unknown> | undefined;
}) {
  const entries = Object.entries(facts ?? {});
  if (entries.length === 0) return null;
  return (
    <section className="inspector-section" aria-label={title}>
      <h3>{title}</h3>
      <dl className="facts">
        {entries.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function TraceRows({
  traces,
  event,
}: {
  readonly traces: readonly TraceRow[];
  readonly event: string;
}) {
  return (
    <ul className="rows">
      {traces.map(({ id, name, keys: [first], events }) => (
        <li key={id} className="key-row">
          <RouteLink to={{ view: 'trace', id, event, form: 'graph' }}>
            {first ? <KeyText {...first} /> : (name ?? id)}
          </RouteLink>
          <span className="row-note">{counted(events, 'event')}</span>
          <WhyHere event={event} trace={id} />
        </li>
      ))}
    </ul>
  );
}
