import type { Problem } from '../../app/contract/page.ts';
import { onConnections, useConnections } from './connections.ts';
import { navigate } from './route.ts';

const liveDemo = { name: 'Live demo', url: 'demo://?seed=1', channels: 'all', from: 'earliest' } as const;

/** Shows the whole picture. */
function showPicture(): void {
  navigate({ view: 'map' });
}

/** Plays the demo, the one that is there or a new one, and shows it. Answers with the problem, if there is one. */
export async function openLiveDemo(): Promise<Problem | undefined> {
  const known = [...useConnections.getState().byId.values()].find(({ system }) => system === 'demo');
  const problem = await onConnections(async (connections) => {
    if (!known) await connections.add(liveDemo);
    else if (known.phase !== 'live') await connections.connect({ id: known.id });
  });
  if (!problem) showPicture();
  return problem;
}
