import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Button } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { count } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { pathOf, unquoted, visibleNodes } from './json-flat.ts';
import type { JsonNode } from './json-flat.ts';

interface JsonTreeProps {
  readonly text: string;
  readonly nodes: readonly JsonNode[];
}

const rowHeight = 20;
/** Trees up to this size are shown open; larger ones to the second level. */
const openSize = 400;
/** Levels that are indented; deeper ones say their number instead. */
const indents = 24;
const valueShown = 240;

/** JSON as a tree. Only rows on screen are mounted, and nothing recurses. */
export function JsonTree({ text, nodes }: JsonTreeProps) {
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const [openDepth, setOpenDepth] = useState(nodes.length <= openSize ? Number.POSITIVE_INFINITY : 2);
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const visible = useMemo(
    () => visibleNodes(nodes, (index) => (nodes[index]?.depth ?? 0) < openDepth !== toggled.has(index)),
    [nodes, toggled, openDepth],
  );
  const isOpen = (index: number): boolean => (nodes[index]?.depth ?? 0) < openDepth !== toggled.has(index);
  const virtual = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const toggle = (index: number): void => {
    setToggled((before) => {
      const after = new Set(before);
      if (!after.delete(index)) after.add(index);
      return after;
    });
  };
  const toDepth = (depth: number): void => {
    setToggled(new Set());
    setOpenDepth(depth);
  };
  const go = (place: number): void => {
    const next = visible[Math.min(visible.length - 1, Math.max(0, place))];
    if (next === undefined) return;
    setActive(next);
    virtual.scrollToIndex(visible.indexOf(next));
  };
  const pressed = (event: KeyboardEvent): void => {
    const node = nodes[active];
    const place = visible.indexOf(active);
    if (!node) return;
    if (event.key === 'ArrowDown') go(place + 1);
    else if (event.key === 'ArrowUp') go(place - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(visible.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') {
      if (node.size > 0) toggle(active);
    } else if (event.key === 'ArrowRight') {
      if (node.size > 0 && !isOpen(active)) toggle(active);
      else go(place + 1);
    } else if (event.key === 'ArrowLeft') {
      if (node.size > 0 && isOpen(active)) toggle(active);
      else if (node.parent >= 0) go(visible.indexOf(node.parent));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const chosen = nodes[active];
  return (
    <div className="json">
      <div
        className="json-scroll"
        ref={scroller}
        role="tree"
        aria-label="Payload"
        tabIndex={0}
        aria-activedescendant={`json-${active}`}
        style={{ height: Math.min(360, visible.length * rowHeight + 12) }}
        onKeyDown={pressed}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index: place, start }) => {
            const index = visible[place] ?? 0;
            const node = nodes[index];
            return (
              node && (
                // The tree holds the keyboard: see onKeyDown above.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={index}
                  id={`json-${index}`}
                  className={`json-row ${index === active ? 'active' : ''}`}
                  role="treeitem"
                  tabIndex={-1}
                  aria-level={node.depth + 1}
                  aria-expanded={node.size > 0 ? isOpen(index) : undefined}
                  aria-selected={index === active}
                  style={{
                    transform: `translateY(${start}px)`,
                    paddingLeft: 4 + Math.min(node.depth, indents) * 12,
                  }}
                  onClick={() => {
                    setActive(index);
                    if (node.size > 0) toggle(index);
                  }}
                >
                  <span className="json-twist">
                    {node.size > 0 && <Icon name={isOpen(index) ? 'down' : 'right'} size={10} />}
                  </span>
                  {node.depth > indents && <span className="json-level">level {count(node.depth)}</span>}
                  {node.name !== undefined && (
                    <span className={typeof node.name === 'number' ? 'json-place' : 'json-name'}>
                      {String(node.name)}:
                    </span>
                  )}
                  <Value text={text} node={node} />
                </div>
              )
            );
          })}
        </div>
      </div>
      <div className="json-foot">
        <span className="ellipsis mono" title={pathOf(nodes, active)}>
          {pathOf(nodes, active) || 'whole payload'}
        </span>
        {chosen && (
          <>
            <CopyButton what="path" words text={() => pathOf(nodes, active)} />
            <CopyButton what="value" words text={() => valueText(text, chosen)} />
          </>
        )}
        {nodes.length > openSize && (
          <Button look="quiet" onClick={() => toDepth(openDepth === 2 ? Number.POSITIVE_INFINITY : 2)}>
            {openDepth === 2 ? 'Open all' : 'Close all'}
          </Button>
        )}
      </div>
      {chosen?.kind === 'string' && chosen.end - chosen.start > 60 && (
        <pre className="json-long">{valueText(text, chosen).slice(0, 20_000)}</pre>
      )}
    </div>
  );
}

function valueText(text: string, node: JsonNode): string {
  const slice = text.slice(node.start, node.end);
  return node.kind === 'string' ? unquoted(slice) : slice;
}

function Value({ text, node }: { readonly text: string; readonly node: JsonNode }) {
  if (node.kind === 'object')
    return <span className="json-size">{node.size === 0 ? '{}' : `{ ${count(node.size)} }`}</span>;
  if (node.kind === 'array')
    return <span className="json-size">{node.size === 0 ? '[]' : `[ ${count(node.size)} ]`}</span>;
  const slice = text.slice(node.start, Math.min(node.end, node.start + valueShown));
  return (
    <span className={`json-value ${node.kind}`}>
      {slice}
      {node.end - node.start > valueShown && '…'}
    </span>
  );
}
