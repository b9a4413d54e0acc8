import type { MapNode } from '../../state/map-model.ts';
import { total } from '../../state/map-rates.ts';
import { useMap } from '../../state/map.ts';
import { rate } from '../../widgets/format.ts';
import { EdgeRows } from './edge-rows.tsx';
import { HealthNote } from './health-note.tsx';
import { WaitingList } from './waiting-list.tsx';

/** A participant: what it publishes and consumes, and what waits for it on all its channels. */
export function ParticipantFacts({ node }: { readonly node: MapNode }) {
  const edges = useMap((state) => state.edges);
  const past = useMap((state) => state.time === 'past');
  const mine = [...edges.values()];
  const published = mine.filter(({ from, kind }) => from === node.id && kind === 'publishes');
  const consumed = mine.filter(({ to, kind }) => to === node.id && kind === 'consumes');
  return (
    <>
      <HealthNote health={node.health} />
      <dl className="facts">
        <dt>Kind</dt>
        <dd>
          participant, {published.length > 0 && 'publishes'}
          {published.length > 0 && consumed.length > 0 && ' and '}
          {consumed.length > 0 && 'consumes'}
        </dd>
        {node.rate !== undefined && !past && (
          <>
            <dt>Publishes</dt>
            <dd>{rate(node.rate)}</dd>
          </>
        )}
      </dl>
      {consumed.length > 0 && !past && (
        <WaitingList
          of={consumed.map(({ from, to }) => ({ channel: from, consumer: to }))}
          lag={
            consumed.every(({ lag }) => lag !== undefined) ? total(consumed.map(({ lag }) => lag)) : undefined
          }
        />
      )}
      <EdgeRows
        title="Consumes"
        end="from"
        edges={consumed.map(({ id }) => id)}
        none="It is not known to consume anything."
      />
      <EdgeRows
        title="Publishes to"
        end="to"
        edges={published.map(({ id }) => id)}
        none="No event names it as its producer."
      />
    </>
  );
}
