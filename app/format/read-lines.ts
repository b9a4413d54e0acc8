import type { Alert, SourceItem } from '../model/source.ts';
import { LineError } from './fields.ts';
import { readLine } from './read-line.ts';
import type { Line } from './split-lines.ts';
import { splitLines } from './split-lines.ts';
import { createWiring } from './wiring.ts';

export interface ReadLinesOptions {
  /** What problems call the input: a path, or `standard input`. */
  readonly name: string;
  /** Lines that came before in an earlier file of the same import; unnamed messages count on from there. */
  readonly linesBefore?: number;
  /** Called at the end with the number of lines read. */
  readonly onEnd?: (lines: number) => void;
}

/** Items a batch: what the store likes to write at once, and little enough to hold. */
const batchItems = 1_000;

/**
 * Reads message lines as a stream, in batches in the order of the lines. A bad line becomes an alert with its number,
 * and the rest is read. A topology comes as soon as its lines do, growing, before the messages of its batch.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadLinesOptions,
): AsyncIterable<readonly SourceItem[]> {
  const wiring = createWiring();
  const before = options.linesBefore ?? 0;
  let last = 0;
  let batch: SourceItem[] = [];
  const take = (): SourceItem[] => {
    const topology = wiring.take();
    const items = topology ? [topology, ...batch] : batch;
    batch = [];
    return items;
  };

  for await (const lines of splitLines(chunks)) {
    for (const line of lines) {
      last = line.number;
      const item = understand(line, before, options.name);
      if (item === undefined) continue;
      if (item.kind === 'subscription' || item.kind === 'binding') wiring.add(item);
      else batch.push(item);
      if (item.kind === 'message') wiring.see(item.channel, item.time);
      if (batch.length >= batchItems) yield take();
    }
  }
  const rest = take();
  if (rest.length > 0) yield rest;
  options.onEnd?.(last);
}

function understand(
  line: Line,
  before: number,
  name: string,
): ReturnType<typeof readLine> | Alert | undefined {
  if ('problem' in line) return alert(`${name}, line ${line.number}: ${line.problem}; skipped`);
  const content = line.text.trim();
  if (content === '') return undefined;
  try {
    return readLine(content, before + line.number);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    return alert(`${name}, line ${line.number}: ${error.message}; skipped`);
  }
}

/** Time 0: a file is read the same at any time of day. */
function alert(message: string): Alert {
  return { kind: 'alert', severity: 'warning', message, time: 0 };
}
