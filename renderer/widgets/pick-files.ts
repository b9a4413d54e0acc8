/** Lets the reader pick captures or message lines. */
export function pickFiles(onFiles: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = fileTypes;
  input.multiple = true;
  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])]);
  });
  input.click();
}

/** Files that can be opened, by their endings. */
export const fileTypes = '.hwcap,.ndjson,.jsonl';
