import { useEffect } from 'react';
import { nodeName } from '../../canvas/map-words.ts';
import { useMap, watchMap } from '../../state/map.ts';
import { IconButton } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import { ChannelFacts } from './channel-facts.tsx';
import { EdgeFacts } from './edge-facts.tsx';
import { ParticipantFacts } from './participant-facts.tsx';
import './map.css';

interface MapInspectorProps {
  /** Id of a node or an edge. */
  readonly selected: string;
  onClose(): void;
}

/** All that is known of a participant, a channel or what connects them. */
export function MapInspector({ selected, onClose }: MapInspectorProps) {
  // It is there in other views too, where nobody else looks at the map.
  useEffect(watchMap, []);
  const node = useMap((state) => state.nodes.get(selected));
  const edge = useMap((state) => state.edges.get(selected));
  const ends = useMap(({ nodes }) =>
    edge ? [edge.from, edge.to].map((id) => nodes.get(id)?.name ?? id).join(' → ') : '',
  );
  const loaded = useMap((state) => state.loaded);
  return (
    <>
      <header className="inspector-head">
        {node?.system && <SystemMark system={node.system} />}
        <h2 className="ellipsis" title={node ? nodeName(node) : ends}>
          {node?.name ?? (edge ? ends : loaded ? 'Not there any more' : '')}
        </h2>
        {node && <CopyButton what="name" text={node.name} />}
        <IconButton icon="cross" label="Close the inspector" hint="." onClick={onClose} />
      </header>
      <div className="inspector-body" tabIndex={-1}>
        {node?.kind === 'participant' && <ParticipantFacts node={node} />}
        {node && node.kind !== 'participant' && <ChannelFacts node={node} />}
        {edge && <EdgeFacts edge={edge} />}
        {loaded && !node && !edge && (
          <p className="inspector-none">
            Neither a participant nor a channel is called so now: the link may be from another recording.
          </p>
        )}
      </div>
    </>
  );
}
