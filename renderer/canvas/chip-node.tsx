import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { EventChip } from '../widgets/event-chip.tsx';
import type { FlowNode } from './flow-graph.ts';

export type ChipNode = Node<{ readonly node: FlowNode; readonly start: number }, 'chip'>;

/** One chip of the canvas. Its name, role and focus are the node's; see trace-canvas. */
export const ChipNodeView = memo(function ChipNodeView({ data, selected }: NodeProps<ChipNode>) {
  const { events, deliveries } = data.node;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
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
