import { useStoreApi, ViewportPortal } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { EventRowDto } from '../../app/contract/page.ts';
import { useMapFocus } from '../state/map-focus.ts';
import { channelKey, nodeKey } from '../state/map-model.ts';
import type { MapEdge, MapModel } from '../state/map-model.ts';
import { onTail } from '../state/map-tail.ts';
import { useMap } from '../state/map.ts';
import type { MapFlowEdge } from './map-edge.tsx';
import { pointAt } from './map-path.ts';

/** Dots at once, and how long each is on its way along one edge, ms. */
const most = 20;
const travel = 700;
/** Looks at the tail are this far apart; its events are spread over that time. */
const spread = 1000;
/** Consumers that one event is shown to go on to. */
const onward = 2;
const steps = 12;

/**
 * A few of the real events on their way: published along one edge, then consumed along another. The dots are animated by
 * the compositor, so that they cost the page nothing. None with reduced motion.
 */
export function MapDots() {
  return (
    <ViewportPortal>
      <Dots />
    </ViewportPortal>
  );
}

function Dots() {
  const box = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  useEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    const idle = [...(box.current?.children ?? [])].filter((dot) => dot instanceof HTMLElement);
    const running = new Set<Animation>();
    const send = (edge: MapEdge, system: string, delay: number): void => {
      const curve = (store.getState().edgeLookup.get(edge.id) as MapFlowEdge | undefined)?.data?.curve;
      const dot = curve && idle.pop();
      if (!dot) return;
      dot.className = `map-dot ${system}`;
      const frames = Array.from({ length: steps + 1 }, (_, index) => {
        const { x, y } = pointAt(curve, index / steps);
        const hidden = index === 0 || index === steps;
        return { transform: `translate(${x}px, ${y}px)`, opacity: hidden ? 0 : 1 };
      });
      const animation = dot.animate(frames, { duration: travel, delay, easing: 'linear' });
      running.add(animation);
      const done = (): void => {
        running.delete(animation);
        idle.push(dot);
      };
      animation.addEventListener('finish', done);
      animation.addEventListener('cancel', done);
    };
    const stopTail = onTail((events) => {
      if (calm.matches || document.hidden || useMapFocus.getState().paused) return;
      const model = useMap.getState();
      for (const [index, event] of events.entries()) {
        const delay = (index * spread) / events.length;
        for (const [hop, edge] of way(event, model)) send(edge, event.channel.system, delay + hop * travel);
      }
    });
    const stopFocus = useMapFocus.subscribe(({ paused }, before) => {
      if (paused === before.paused) return;
      for (const animation of running)
        if (paused) animation.pause();
        else animation.play();
    });
    return () => {
      stopTail();
      stopFocus();
      for (const animation of running) animation.cancel();
    };
  }, [store]);
  return (
    <div ref={box} className="map-dots" aria-hidden="true">
      {Array.from({ length: most }, (_, index) => (
        <i key={index} className="map-dot" />
      ))}
    </div>
  );
}

/** The edges that an event goes along, each with the number of hops before it. */
function way(event: EventRowDto, { nodes, edges }: MapModel): (readonly [number, MapEdge])[] {
  const key = channelKey(event.channel);
  const found: (readonly [number, MapEdge])[] = [];
  let consumed = 0;
  for (const edge of edges.values()) {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    if (edge.kind === 'publishes') {
      if (from?.name === event.producer?.name && to && nodeKey(to) === key) found.push([0, edge]);
    } else if (from && nodeKey(from) === key && edge.kind !== 'dead-letters' && consumed < onward) {
      consumed++;
      found.push([1, edge]);
    }
  }
  return found;
}
