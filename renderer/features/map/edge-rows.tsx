import { useMap } from '../../state/map.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { useRoute } from '../../state/route.ts';
import { edgeFacts } from '../../canvas/map-words.ts';
import { Icon } from '../../widgets/icon.tsx';
import { InspectorSection } from '../../widgets/inspector-section.tsx';

interface EdgeRowsProps {
  readonly title: string;
  /** Ids. */
  readonly edges: readonly string[];
  /** Which end is listed: the other one is looked at. */
  readonly end: 'from' | 'to';
  readonly none: string;
}

/** Who is connected, with what is known of it; a click goes to the line between. */
export function EdgeRows({ title, edges, end, none }: EdgeRowsProps) {
  return (
    <InspectorSection title={title} size={edges.length} none={none}>
      <ul className="rows">
        {edges.map((id) => (
          <EdgeRow key={id} id={id} end={end} />
        ))}
      </ul>
    </InspectorSection>
  );
}

function EdgeRow({ id, end }: { readonly id: string; readonly end: 'from' | 'to' }) {
  const edge = useMap((state) => state.edges.get(id));
  const name = useMap((state) => (edge ? state.nodes.get(edge[end])?.name : undefined));
  const trace = useRoute(({ route }) => (route.view === 'map' ? route.trace : undefined));
  if (!edge) return null;
  return (
    <li className="edge-row">
      <RouteLink to={{ view: 'map', trace, select: id }} className="ellipsis" title={edge.evidence}>
        {edge.kind === 'dead-letters' && <Icon name="tomb" size={12} />}
        {name}
      </RouteLink>
      <span className={`row-note ${edge.lagging ? 'warn' : ''}`}>
        {edgeFacts(edge).join(' · ') || (edge.proven ? '' : 'inferred')}
      </span>
    </li>
  );
}
