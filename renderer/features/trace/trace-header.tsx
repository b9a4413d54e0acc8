import type { TraceRow } from '../../../app/contract/page.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { selectionOf, useRoute } from '../../state/route.ts';
import { useTraceList } from '../../state/trace-list.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { absolute, counted, duration } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { KeyText } from '../../widgets/key-text.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import { Ago } from '../../widgets/time.tsx';
import { pendingWords, TraceStatus } from '../../widgets/trace-status.tsx';

const keysShown = 1;

/** Which trace it is and how it fares, before anything is read. */
export function TraceHeader({ trace }: { readonly trace: TraceRow }) {
  const query = useTraceList((state) => state.query);
  const route = useRoute((state) => state.route);
  const [first, ...rest] = trace.keys;
  return (
    <header className="trace-header">
      <div className="trace-title">
        <RouteLink
          to={{ view: 'traces', query }}
          className="trace-back"
          aria-label="Back to the list"
          title="Back to the list"
        >
          <Icon name="left" size={14} />
        </RouteLink>
        <h1 className="ellipsis" title={trace.id}>
          {first ? <KeyText {...first} /> : (trace.name ?? trace.id)}
        </h1>
        <TraceStatus trace={trace} />
        <RouteLink className="button quiet" to={{ view: 'map', trace: trace.id, ...selectionOf(route) }}>
          <Icon name="map" size={14} />
          Show on map
        </RouteLink>
        <CopyButton what="link" words text={() => location.href} />
      </div>
      <dl className="trace-facts">
        <div>
          <dt>Started</dt>
          <dd title={absolute(trace.start)}>
            <Ago time={trace.start} />
          </dd>
        </div>
        <div>
          <dt>Duration</dt>
          <dd>{duration(trace.end - trace.start)}</dd>
        </div>
        <div>
          <dt>Size</dt>
          <dd>
            {counted(trace.events, 'event')}, {counted(trace.hops, 'hop')}
          </dd>
        </div>
        <div>
          <dt>Brokers</dt>
          <dd className="trace-brokers">
            {trace.systems.map((system) => (
              <SystemMark key={system} system={system} />
            ))}
          </dd>
        </div>
        {trace.pending && (
          <div title={pendingWords(trace.pending)}>
            <dt>Waits for</dt>
            <dd>
              {trace.pending.consumer}, handed out <Ago time={trace.pending.since} />
            </dd>
          </div>
        )}
        {rest.length > 0 && (
          <div className="trace-also">
            <dt>Also</dt>
            <dd className="ellipsis" title={rest.map(({ name, value }) => `${name}=${value}`).join('\n')}>
              {rest.slice(0, keysShown).map((key) => (
                <KeyText key={`${key.name}=${key.value}`} {...key} />
              ))}
              {rest.length > keysShown && <span>+{rest.length - keysShown}</span>}
            </dd>
          </div>
        )}
      </dl>
    </header>
  );
}
