import type { EventDetailDto } from '../../../app/contract/page.ts';
import { useConnections } from '../../state/connections.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { absolute, duration } from '../../widgets/format.ts';
import { systemTitle } from '../../widgets/system-mark.tsx';

const clocks = {
  broker: 'by the broker’s clock',
  producer: 'by the producer’s clock',
  observer: 'by Headwater’s clock, on arrival',
} as const;

/** Where and when: position, times and whose clocks they are, and who published it. */
export function Facts({ detail }: { readonly detail: EventDetailDto }) {
  const { head, observedAt, routingKey } = detail;
  const connection = useConnections((state) => state.byId.get(detail.connection)?.name ?? detail.connection);
  const { channel } = head;
  const position = [
    ...(head.partition === undefined ? [] : [`partition ${head.partition}`]),
    ...(head.offset === undefined
      ? []
      : [channel.kind === 'topic' ? `offset ${head.offset}` : `entry ${head.offset}`]),
  ].join(', ');
  return (
    <dl className="facts">
      <dt>Channel</dt>
      <dd>
        {channel.name}{' '}
        <span className="quiet">
          {systemTitle(channel.system)} {channel.kind}, {channel.cluster}
        </span>
      </dd>
      {position && (
        <>
          <dt>Position</dt>
          <dd>{position}</dd>
        </>
      )}
      {routingKey !== undefined && (
        <>
          <dt>Routing key</dt>
          <dd className="mono">{routingKey}</dd>
        </>
      )}
      {head.key !== undefined && (
        <>
          <dt>Message key</dt>
          <dd className="mono with-copy">
            {head.key} {head.keyEncoding && <span className="quiet">{head.keyEncoding} of its bytes</span>}{' '}
            <CopyButton what="message key" text={head.key} />
          </dd>
        </>
      )}
      <dt>Published</dt>
      <dd>
        {absolute(head.time)} <span className="quiet line">{clocks[head.clock]}</span>
      </dd>
      {head.clock !== 'observer' && (
        <>
          <dt>Seen</dt>
          <dd>
            {duration(observedAt - head.time)} later <span className="quiet">by connection {connection}</span>
          </dd>
        </>
      )}
      {head.clock === 'observer' && (
        <>
          <dt>Seen by</dt>
          <dd>connection {connection}</dd>
        </>
      )}
      <dt>Publisher</dt>
      <dd>
        {head.producer ? (
          <>
            {head.producer.name}
            {head.producer.inferred && <span className="quiet"> inferred from the flow</span>}
          </>
        ) : (
          <span className="quiet">unknown: nothing in the event says so</span>
        )}
      </dd>
    </dl>
  );
}
