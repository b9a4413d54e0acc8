import { RouteLink } from '../state/route-link.tsx';
import { useRoute } from '../state/route.ts';
import type { Route } from '../state/route.ts';
import { Icon } from '../widgets/icon.tsx';
import type { IconName } from '../widgets/icon.tsx';
import { viewRoutes } from './go.ts';

interface ViewLink {
  readonly name: string;
  readonly icon: IconName;
  readonly to: (now: Route) => Route;
  readonly holds: readonly Route['view'][];
}

const views: readonly ViewLink[] = [
  { name: 'Map', icon: 'map', to: viewRoutes.map, holds: ['map'] },
  { name: 'Traces', icon: 'traces', to: viewRoutes.traces, holds: ['traces', 'trace'] },
  { name: 'Events', icon: 'events', to: viewRoutes.events, holds: ['events'] },
  { name: 'Keys', icon: 'key', to: viewRoutes.keys, holds: ['keys'] },
  { name: 'Connections', icon: 'plug', to: viewRoutes.connections, holds: ['connections'] },
];

/** The views. Only what exists has a link. */
export function Rail() {
  const route = useRoute((state) => state.route);
  return (
    <nav className="rail" aria-label="Views">
      <RouteLink to={{ view: 'home' }} className="rail-mark" aria-label="Headwater">
        <Mark />
      </RouteLink>
      <ul>
        {views.map(({ name, icon, to, holds }) => (
          <li key={name}>
            <RouteLink
              to={to(route)}
              className="rail-link"
              aria-current={holds.includes(route.view) ? 'page' : undefined}
            >
              <Icon name={icon} size={18} />
              {name}
            </RouteLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <path className="mark-line" d="M7 8v16M7 16h8c5 0 5-8 10-8M15 16c5 0 5 8 10 8" />
      <circle className="mark-one" cx="25" cy="8" r="3" />
      <circle className="mark-two" cx="25" cy="24" r="3" />
    </svg>
  );
}
