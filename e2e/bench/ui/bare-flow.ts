import { ReactFlow } from '@xyflow/react';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

interface Graph {
  readonly places: readonly (readonly [id: string, x: number, y: number])[];
  readonly edges: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}

const answer = await fetch('/graph.json');
const { places, edges } = (await answer.json()) as Graph;
const root = document.querySelector('#root');
if (root)
  createRoot(root).render(
    createElement(ReactFlow, {
      defaultNodes: places.map(([id, x, y]) => ({ id, position: { x, y }, data: { label: id } })),
      defaultEdges: edges.map(({ id, from, to }) => ({ id, source: from, target: to })),
      fitView: true,
      minZoom: 0.08,
      panOnScroll: true,
    }),
  );
