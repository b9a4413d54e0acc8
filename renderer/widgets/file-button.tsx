import { useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { fileTypes } from './pick-files.ts';

interface FileButtonProps {
  readonly children: ReactNode;
  readonly className?: string;
  onFiles(files: readonly File[]): void;
}

/** A button that lets the reader pick captures or message lines. */
export function FileButton({ children, className = 'tall', onFiles }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button className={className} icon="file" onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={fileTypes}
        multiple
        hidden
        aria-label="File to open"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file can be chosen again.
          event.target.value = '';
          onFiles(files);
        }}
      />
    </>
  );
}
