/** A line of a text, counted from 1. Without `text` it could not be read, and `problem` says why. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly problem: string };

const newline = 0x0a;
/** Longer lines are skipped: V8 holds no text of twice this length, and no broker a message. */
const longestLine = 256 * 1024 * 1024;

/**
 * Splits UTF-8 chunks into lines, as a stream: memory holds one chunk and the line it leaves open. A line that is not
 * valid UTF-8 is reported in its place, never repaired silently. A byte order mark at the start is dropped.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<readonly Line[]> {
  let open: Uint8Array[] = [];
  let openSize = 0;
  let tooLong = false;
  let number = 1;

  const keep = (bytes: Uint8Array): void => {
    openSize += bytes.length;
    tooLong ||= openSize > longestLine;
    if (tooLong) open = [];
    else if (bytes.length > 0) open.push(bytes);
  };
  const takeOpen = (): Line => {
    const line: Line = tooLong
      ? { number: number++, problem: `longer than ${longestLine / 1024 / 1024} MiB` }
      : decode(number++, open.length === 1 && open[0] ? open[0] : Buffer.concat(open));
    open = [];
    openSize = 0;
    tooLong = false;
    return line;
  };

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end));
      lines.push(takeOpen());
      from = end + 1;
    }
    keep(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (openSize > 0) yield [takeOpen()];
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(number: number, bytes: Uint8Array): Line {
  try {
    return { number, text: decoder.decode(bytes) };
  } catch {
    return { number, problem: 'not valid UTF-8' };
  }
}
