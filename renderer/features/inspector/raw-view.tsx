import { json } from '@codemirror/lang-json';
import {
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef, useState } from 'react';
import { Choice } from '../../widgets/choice.tsx';
import { indented } from './json-flat.ts';
import type { JsonNode } from './json-flat.ts';

interface RawViewProps {
  readonly text: string;
  /** Where it is JSON: then it can be folded and indented. */
  readonly nodes: readonly JsonNode[] | undefined;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--json-key)' },
  { tag: tags.string, color: 'var(--json-string)' },
  { tag: tags.number, color: 'var(--json-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--json-word)' },
]);

const look = EditorView.theme({
  '&': { maxHeight: '360px', fontSize: '12px', color: 'var(--text)', backgroundColor: 'transparent' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-faint)', border: 'none' },
  '.cm-content': { caretColor: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--raised)',
    border: 'none',
    color: 'var(--text-muted)',
    padding: '0 4px',
  },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
});

/**
 * The payload as it was sent, in an editor that only reads. It lives in a shadow root: there its styles become adopted
 * style sheets, which a content security policy without inline styles allows.
 */
export function RawView({ text, nodes }: RawViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const oneLine = nodes !== undefined && !text.trimEnd().includes('\n');
  const [indent, setIndent] = useState(false);
  const shown = indent && nodes ? indented(text, nodes) : text;
  const isJson = nodes !== undefined;
  useEffect(() => {
    const { current } = host;
    if (!current) return undefined;
    const root = current.shadowRoot ?? current.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: shown,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': 'Payload as it was sent' }),
          EditorView.lineWrapping,
          lineNumbers(),
          ...(isJson ? [json(), codeFolding(), foldGutter(), syntaxHighlighting(colours)] : []),
          drawSelection(),
          highlightSelectionMatches(),
          keymap.of([...searchKeymap, ...foldKeymap]),
          look,
        ],
      }),
    });
    return () => view.destroy();
  }, [shown, isJson]);
  return (
    <div className="raw">
      {oneLine && (
        <Choice checked={indent} onChange={setIndent}>
          Indent
        </Choice>
      )}
      <div className="raw-editor" ref={host} />
    </div>
  );
}
