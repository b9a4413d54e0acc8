import type { Health } from '../../state/map-health.ts';
import { Note } from '../../widgets/problem-note.tsx';

/** What is wrong with a node, where something is. */
export function HealthNote({ health: { state, words } }: { readonly health: Health }) {
  if (state === 'well') return null;
  return <Note tone={state === 'gaps' ? 'plain' : 'warn'}>{words}</Note>;
}
