import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useMemo, useState } from 'react';
import type { TraceDetailDto } from '../../../app/contract/page.ts';
import { causalOrder } from '../../canvas/causal-order.ts';
import { startLayoutWorker } from '../../canvas/elk.ts';
import { flowGraph } from '../../canvas/flow-graph.ts';
import { TraceCanvas } from '../../canvas/trace-canvas.tsx';
import { useArrangement } from '../../canvas/use-arrangement.ts';
import { endPairing, pairWith, usePairing } from '../../state/pairing.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { navigate } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { openTrace, useTrace } from '../../state/trace.ts';
import { count } from '../../widgets/format.ts';
import { Note, ProblemNote } from '../../widgets/problem-note.tsx';
import { useKeys } from '../../widgets/use-keys.ts';
import { ClockNote } from './clock-note.tsx';
import { LinksList } from './links-list.tsx';
import { SaidNote } from './said-note.tsx';
import { TraceHeader } from './trace-header.tsx';
import './trace.css';

// Whoever loads this module is about to lay out a trace.
startLayoutWorker();

type TraceRoute = Extract<Route, { view: 'trace' }>;

/** One trace: who did what, when, and because of what. */
export function TraceView({ route }: { readonly route: TraceRoute }) {
  useEffect(() => openTrace(route.id), [route.id]);
  useEffect(() => () => openTrace(undefined), []);
  const detail = useTrace((state) => state.detail);
  const problem = useTrace((state) => state.problem);
  if (problem && !detail)
    return (
      <section className="trace-missing">
        <h1 className="ellipsis">Trace {route.id}</h1>
        <ProblemNote problem={problem}>
          <RouteLink to={{ view: 'traces', query: '' }}>Go to the list</RouteLink>
        </ProblemNote>
      </section>
    );
  if (!detail) return <Waiting />;
  return <TracePicture detail={detail} route={route} />;
}

function TracePicture({ detail, route }: { readonly detail: TraceDetailDto; readonly route: TraceRoute }) {
  const { trace, events, links, deliveries, clocks } = detail;
  const picking = usePairing((state) => state.picking);
  const paired = usePairing((state) => state.other);
  const [shownLink, setShownLink] = useState<string>();
  const graph = useMemo(() => flowGraph({ events, links, deliveries }), [events, links, deliveries]);
  const { picture, error } = useArrangement(graph, trace.id);
  const order = useMemo(() => causalOrder(events, links).map(({ id }) => id), [events, links]);

  const select = (event: string | undefined): void =>
    navigate(
      { view: 'trace', id: route.id, form: route.form, ...(event === undefined ? {} : { event }) },
      { replace: true },
    );
  const choose = (event: string | undefined, beside = false): void => {
    const pairs = (beside || picking) && route.event !== undefined && event !== undefined;
    if (pairs && event !== route.event) pairWith(event);
    else if (!pairs) select(event);
  };
  const step = (by: number): void => {
    const at = route.event === undefined ? -1 : order.indexOf(route.event);
    const next =
      order[at < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + by))];
    if (next !== undefined) select(next);
  };
  const follow = (from: 'from' | 'to', to: 'from' | 'to'): boolean => {
    const next = links
      .filter((link) => link[from] === route.event)
      .toSorted((a, b) => b.confidence - a.confidence)[0];
    if (next) select(next[to]);
    return next !== undefined;
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    '[': () => follow('to', 'from'),
    ']': () => follow('from', 'to'),
    Escape: () =>
      endPairing() || (route.event === undefined && route.select === undefined ? false : select(undefined)),
  });

  return (
    <section className="trace">
      <TraceHeader trace={trace} />
      <ClockNote key={trace.id} clocks={clocks} trace={trace.id} />
      <Tabs.Root className="trace-forms" value={route.form}>
        <Tabs.List className="tabs" aria-label="Forms of the trace">
          <Tabs.Tab className="tab" value="graph">
            Graph
          </Tabs.Tab>
          <span className="legend" aria-hidden="true">
            <i className="solid" /> proven
            <i className="dashed" /> inferred
            <i className="yours" /> yours
          </span>
        </Tabs.List>
        <Tabs.Panel className="trace-panel" value="graph" tabIndex={-1}>
          {graph.collapsed && (
            <Note>
              {count(events.length)} events are too many to draw each: those of one participant, channel and
              type are drawn as one. j and k still go through every event.
              {graph.hidden > 0 && ` ${count(graph.hidden)} groups more are not drawn.`}
            </Note>
          )}
          {error && (
            <ProblemNote
              problem={{
                message: `The picture could not be laid out: ${error.message}`,
                remedy: 'The list of links below is complete. Reload the page to try again.',
              }}
            />
          )}
          <div className="trace-picture" aria-busy={!error && picture?.draft !== false}>
            {picture ? (
              <TraceCanvas
                key={trace.id}
                graph={picture.graph}
                arranged={picture.arranged}
                start={trace.start}
                trace={trace.id}
                selected={route.event}
                paired={paired}
                shownLink={shownLink}
                onSelect={choose}
              />
            ) : (
              !error && <p className="trace-waiting">Laying out…</p>
            )}
          </div>
        </Tabs.Panel>
      </Tabs.Root>
      <SaidNote events={events} />
      <LinksList
        detail={detail}
        graph={graph}
        selected={route.event}
        onShow={setShownLink}
        onSelect={select}
      />
    </section>
  );
}

function Waiting() {
  return (
    <section className="trace" aria-busy="true" aria-label="Loading the trace">
      <header className="trace-header">
        <span className="skeleton" style={{ width: 180, height: 14 }} />
        <span className="skeleton" style={{ width: 320 }} />
      </header>
    </section>
  );
}
