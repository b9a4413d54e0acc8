import { exitCode } from './failure.ts';

/** Says something to the person; standard output stays for what was asked for. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes to standard output; resolves when more may come. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve();
      else {
        endIfUnread(error);
        reject(error);
      }
    });
  });
}

/** Whoever read us has seen enough (`| head`): no failure, and nobody to tell. */
export function endIfUnread(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(exitCode.ok);
}

export function printJson(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Writes an array to standard output item by item, a line each: it may be longer than memory. */
export async function printJsonArray(pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  let separator = '[\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    await print(separator + page.map((item) => JSON.stringify(item)).join(',\n'));
    separator = ',\n';
  }
  await print(separator === '[\n' ? '[]\n' : '\n]\n');
}

/**
 * Text from a message, for a terminal: what could move its cursor, recolour it or turn its writing around is shown as
 * a dot.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '·');
}

const graphemes = new Intl.Segmenter();

/** Fits a text into so many columns, the end cut off visibly. */
export function fit(text: string, columns: number): string {
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  return characters.length <= columns
    ? text + ' '.repeat(columns - characters.length)
    : `${characters.slice(0, columns - 1).join('')}…`;
}

/** A span of time with two significant figures or so: `0 ms`, `198 ms`, `3.9 s`, `12 min`, `2.5 h`. */
export function duration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  const [unit, count] =
    size < 120_000
      ? ['s', size / 1000]
      : size < 7_200_000
        ? ['min', size / 60_000]
        : size < 172_800_000
          ? ['h', size / 3_600_000]
          : ['d', size / 86_400_000];
  return `${sign}${count < 10 ? count.toFixed(1) : Math.round(count)} ${unit}`;
}
