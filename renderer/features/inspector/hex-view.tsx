import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { readPayload } from '../../state/events.ts';
import { Button } from '../../widgets/button.tsx';
import { bytes } from '../../widgets/format.ts';
import { bytesPerRow, fromBase64, hexRow } from './hex.ts';

interface HexViewProps {
  readonly id: string;
  /** The beginning, in base64. */
  readonly first: string;
  /** Characters of the whole in base64. */
  readonly length: number;
}

const rowHeight = 18;
/** A multiple of 4, so that slices can be joined. */
const sliceSize = 256 * 1024;

/** Bytes in hexadecimal, with what of them can be read. */
export function HexView({ id, first, length }: HexViewProps) {
  const [text, setText] = useState(first);
  const [busy, setBusy] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const data = useMemo(() => fromBase64(text), [text]);
  const rows = Math.ceil(data.length / bytesPerRow);
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const more = async (): Promise<void> => {
    setBusy(true);
    try {
      const next = await readPayload(id, text.length, text.length + sliceSize);
      setText(text + next);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {/* The region scrolls, so the keyboard must reach it. */}
      <div
        className="hex"
        ref={scroller}
        role="group"
        aria-label="Bytes of the payload"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        style={{ height: Math.min(360, rows * rowHeight + 8) }}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = hexRow(data, index);
            return (
              <div key={index} className="hex-row" style={{ transform: `translateY(${start}px)` }}>
                <span className="hex-offset">{row.offset}</span>
                <span>{row.hex}</span>
                <span className="hex-text">{row.text}</span>
              </div>
            );
          })}
        </div>
      </div>
      {text.length < length && (
        <div className="slices-more">
          <span>first {bytes(data.length)}</span>
          <Button busy={busy} onClick={() => void more().catch(() => undefined)}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
