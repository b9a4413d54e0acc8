import { Tabs } from '@base-ui/react/tabs';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { EventDetailDto } from '../../../app/contract/page.ts';
import { readPayload } from '../../state/events.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { bytes } from '../../widgets/format.ts';
import { HexView } from './hex-view.tsx';
import { readJson } from './json-flat.ts';
import { JsonTree } from './json-tree.tsx';
import { SlicesView } from './slices-view.tsx';
import { usePayload, wholeLimit } from './use-payload.ts';

const RawView = lazy(() => import('./raw-view.tsx').then(({ RawView: view }) => ({ default: view })));

/** Beyond these, an editor would hold up the page: characters, and levels of nesting. */
const editorLimits = { length: 300_000, depth: 200 } as const;

function noTree({ length, format }: EventDetailDto['payload']): string {
  return length > wholeLimit
    ? 'Too large to be shown as a tree'
    : format === 'json'
      ? 'On its way'
      : 'It is not JSON';
}

/** What an event carries: as a tree where it is JSON, and as it was sent. */
export function PayloadView({ detail }: { readonly detail: EventDetailDto }) {
  const { payload, head } = detail;
  const text = usePayload(detail);
  const nodes = useMemo(
    () => (payload.encoding === 'text' && text !== undefined ? readJson(text) : undefined),
    [payload.encoding, text],
  );
  const depth = useMemo(() => nodes?.reduce((most, node) => Math.max(most, node.depth), 0) ?? 0, [nodes]);
  const [chosen, setChosen] = useState<'tree' | 'raw'>('tree');
  const whole = async (): Promise<string> => text ?? readPayload(head.id, 0, payload.length);
  const copy = (
    <CopyButton what={payload.encoding === 'base64' ? 'payload as base64' : 'payload'} text={whole} />
  );
  const told = [bytes(payload.size), ...payload.unwrapped].join(' · ');

  if (payload.format === 'empty' || payload.format === 'tombstone')
    return (
      <p className="payload-none">
        {payload.format === 'empty'
          ? 'The payload is empty: 0 bytes.'
          : 'A tombstone: no payload at all (null), which deletes the key.'}
      </p>
    );
  if (payload.encoding === 'base64')
    return (
      <>
        <div className="payload-bar">
          <span>binary · {told}</span>
          {copy}
        </div>
        <HexView id={head.id} first={payload.text} length={payload.length} />
      </>
    );

  const form = nodes ? chosen : 'raw';
  const editor = text !== undefined && text.length <= editorLimits.length && depth <= editorLimits.depth;
  return (
    <Tabs.Root value={form} onValueChange={(value) => setChosen(value === 'raw' ? 'raw' : 'tree')}>
      <div className="payload-bar">
        <Tabs.List className="payload-tabs" aria-label="Forms of the payload">
          <Tabs.Tab
            className="payload-tab"
            value="tree"
            disabled={!nodes}
            title={nodes ? undefined : noTree(payload)}
          >
            Tree
          </Tabs.Tab>
          <Tabs.Tab className="payload-tab" value="raw">
            Raw
          </Tabs.Tab>
        </Tabs.List>
        <span>
          {payload.format} · {told}
        </span>
        {copy}
      </div>
      <Tabs.Panel value="tree" tabIndex={-1}>
        {nodes && text !== undefined && <JsonTree key={head.id} text={text} nodes={nodes} />}
      </Tabs.Panel>
      <Tabs.Panel value="raw" tabIndex={-1}>
        {editor ? (
          <Suspense fallback={<p className="payload-none">Loading the editor…</p>}>
            <RawView text={text} nodes={nodes} />
          </Suspense>
        ) : (
          <SlicesView key={head.id} id={head.id} first={payload.text} length={payload.length} />
        )}
      </Tabs.Panel>
    </Tabs.Root>
  );
}
