import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { EventChip, eventName } from '../widgets/event-chip.tsx';
import { counted } from '../widgets/format.ts';
import type { FlowNode } from './flow-graph.ts';

export type ChipNode = Node<{ readonly node: FlowNode; readonly start: number }, 'chip'>;

/** "OrderPlaced on orders"; where it stands for several events, how many. */
function chipName({ events }: Pick<FlowNode, 'events'>): string {
  return eventName(events[0]) + (events.length > 1 ? `, ${counted(events.length, 'event')}` : '');
}

/** One chip of the canvas. Its role and focus are the node's; see trace-canvas. */
export const ChipNodeView = memo(function ChipNodeView({ data, selected }: NodeProps<ChipNode>) {
  const { events, deliveries } = data.node;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="visually-hidden">{chipName(data.node)}</span>
      <EventChip
        event={events[0]}
        events={events.length}
        start={data.start}
        deliveries={deliveries}
        selected={selected}
      />
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
});
