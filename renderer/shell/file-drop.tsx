import { useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { openFiles } from '../state/uploads.ts';
import { Icon } from '../widgets/icon.tsx';

/** Files dropped anywhere on the page are opened. */
export function FileDrop({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState(false);
  const holdsFile = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    // Dropping is a second way to what the button "Open a file" does.
    <div
      className="app"
      onDragOver={(event) => {
        if (!holdsFile(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setOver(false);
      }}
      onDrop={(event) => {
        if (!holdsFile(event)) return;
        event.preventDefault();
        setOver(false);
        void openFiles(event.dataTransfer.files);
      }}
    >
      {children}
      {over && (
        <div className="drop-here" aria-hidden="true">
          <p>
            <Icon name="file" size={20} /> Drop a capture or message lines to open them
          </p>
        </div>
      )}
    </div>
  );
}
