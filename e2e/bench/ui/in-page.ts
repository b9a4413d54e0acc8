/** Functions that run in the page that is measured: each stands alone. */

interface Watched {
  paintedAt?: number;
  blocks: number[];
}
declare global {
  var watched: Watched;
}

/** Notes when all nodes have been painted, and every task that blocks the thread. Runs before the page does. */
export function watchPage(nodes: number): void {
  globalThis.watched = { blocks: [] };
  const look = (): void => {
    if (document.querySelectorAll('.react-flow__node').length < nodes) requestAnimationFrame(look);
    else
      requestAnimationFrame(() => {
        globalThis.watched.paintedAt = performance.now();
      });
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.watched.blocks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** ms from the navigation until every node was painted. */
export async function firstPaint(): Promise<number> {
  while (globalThis.watched.paintedAt === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  return globalThis.watched.paintedAt;
}

export function longestBlock(): number {
  return Math.max(0, ...globalThis.watched.blocks);
}

/** Pans to and fro with the wheel, a step each frame, for so many ms; answers with how long each frame took. */
export function panning(ms: number): Promise<number[]> {
  const pane = document.querySelector('.react-flow__pane');
  if (!pane) throw new Error('There is no canvas.');
  return new Promise((resolve) => {
    const times: number[] = [];
    const started = performance.now();
    let last = started;
    const frame = (now: number): void => {
      if (now > last) times.push(now - last);
      last = now;
      if (now - started > ms) return resolve(times);
      const way = Math.sin((now - started) / 400);
      const place = { clientX: 640, clientY: 400, bubbles: true, cancelable: true };
      pane.dispatchEvent(new WheelEvent('wheel', { ...place, deltaX: way * 24, deltaY: way * 10 }));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
