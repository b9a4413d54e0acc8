import { useSyncExternalStore } from 'react';
import { absolute, ago, lasting } from './format.ts';

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** "12 s ago", absolute on hover. One clock ticks for all of them. */
export function Ago({ time }: { readonly time: number }) {
  const text = useSyncExternalStore(subscribe, () => ago(time, Math.max(now, Date.now() - 1000)));
  return (
    <time dateTime={isoTime(time)} title={absolute(time)}>
      {text}
    </time>
  );
}

/** For how long something has lasted: "4 min". */
export function Lasting({ since }: { readonly since: number }) {
  const text = useSyncExternalStore(subscribe, () => lasting(since, Math.max(now, Date.now() - 1000)));
  return (
    <time dateTime={isoTime(since)} title={absolute(since)}>
      {text}
    </time>
  );
}

/** A date that no calendar holds is shown, not thrown. */
function isoTime(time: number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
