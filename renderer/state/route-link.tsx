import type { ComponentProps } from 'react';
import { navigate, printRoute, useRoute } from './route.ts';
import type { Route } from './route.ts';

interface RouteLinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  readonly to: Route;
}

/** A real link: it can be opened in a new tab and copied; an ordinary click stays in the page. Takes the time range along. */
export function RouteLink({ to, onClick, children, ...rest }: RouteLinkProps) {
  const range = useRoute((state) => state.range);
  return (
    <a
      {...rest}
      href={printRoute(to, range)}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
