/** Lets the reader pick a capture or message lines. */
export function pickFile(onFile: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = fileTypes;
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) onFile(file);
  });
  input.click();
}

/** Files that can be opened, by their endings. */
export const fileTypes = '.hwcap,.ndjson,.jsonl';
