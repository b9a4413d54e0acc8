import { spawn } from 'node:child_process';

/** How a command went. `code` is null when it could not be run or was ended by a signal. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
  readonly timedOut: boolean;
}

/** How to run a command. */
export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Called now and then with the newest line, to show that something is going on. */
  readonly onProgress?: (line: string) => void;
}

const PROGRESS_EVERY_MS = 10_000;

/** Runs a command to its end with stdout and stderr together; never rejects. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
    });
    const started = Date.now();
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const ticker = setInterval(() => options.onProgress?.(lastLine(output)), PROGRESS_EVERY_MS);
    const finish = (code: number | null): void => {
      clearInterval(ticker);
      const timedOut =
        code === null && options.timeoutMs !== undefined && Date.now() - started >= options.timeoutMs;
      resolve({ code, output, timedOut });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(null);
    });
    child.once('close', finish);
  });
}

/** The last line that says something. */
export function lastLine(text: string): string {
  return (
    text
      .trimEnd()
      .split(/[\r\n]+/)
      .at(-1)
      ?.trim() ?? ''
  );
}
