import { useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { fileTypes } from './pick-file.ts';

interface FileButtonProps {
  readonly children: ReactNode;
  readonly className?: string;
  onFile(file: File): void;
}

/** A button that lets the reader pick a capture or message lines. */
export function FileButton({ children, className = 'tall', onFile }: FileButtonProps) {
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
        hidden
        aria-label="File to open"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file can be chosen again.
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}
