import type { TraceDetailDto } from '../contract/page.ts';
import { causalOrder } from './causal-order.ts';
import { duration } from './output.ts';

/**
 * A trace as a Mermaid sequence diagram: participants and channels as lifelines, an event as an arrow onto its channel,
 * dashed where the producer or the cause is inferred, and a delivery as an open arrow to its consumer.
 */
export function traceMermaid({ trace, events, links, deliveries }: TraceDetailDto): string {
  const lifelines = new Map<string, string>();
  const lines: string[] = [];
  const lifeline = (key: string, label: string): string => {
    let name = lifelines.get(key);
    if (name === undefined) {
      name = `p${lifelines.size + 1}`;
      lifelines.set(key, name);
      lines.push(`  participant ${name} as ${escape(label)}`);
    }
    return name;
  };
  const arrows: string[] = [];
  const handed = Map.groupBy(deliveries, (delivery) => delivery.event);
  const inferred = new Set(links.filter(({ confidence }) => confidence < 1).map(({ to }) => to));
  for (const event of causalOrder(events, links)) {
    const { system, cluster, name } = event.channel;
    const who = event.producer?.name ?? 'unknown';
    const from = lifeline(`participant/${who}`, who);
    const to = lifeline(`channel/${system}/${cluster}/${name}`, `${name} (${system})`);
    const arrow = event.producer?.inferred || inferred.has(event.id) ? '-->>' : '->>';
    const text = `${event.type ?? event.id} +${duration(event.time - trace.start)}`;
    arrows.push(`  ${from}${arrow}${to}: ${escape(text)}`);
    for (const { consumer, status, time, before } of handed.get(event.id) ?? []) {
      const at = time ?? before;
      const when =
        at === undefined ? '' : ` ${time === undefined ? 'by ' : ''}+${duration(at - trace.start)}`;
      const reader = lifeline(`participant/${consumer}`, consumer);
      arrows.push(`  ${to}${isRefused(status) ? '--x' : '-)'}${reader}: ${escape(status + when)}`);
    }
  }
  return ['sequenceDiagram', ...lines, ...arrows, ''].join('\n');
}

function isRefused(status: string): boolean {
  return status === 'rejected' || status === 'dead-lettered';
}

/** What Mermaid or the page that shows it would take for syntax becomes an entity, line breaks become blanks. */
function escape(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[#;<>"&%{}]/g, (character) => `#${character.charCodeAt(0)};`)
    .slice(0, 200);
}
