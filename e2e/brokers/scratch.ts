/**
 * A folder for one broker's data, and a watchdog that outlives this process: a shell that reads from a pipe
 * which only we hold. When we end, however we end, the pipe closes, and the watchdog kills the process groups
 * listed in the folder and removes it. Should the watchdog be killed as well, the next run sweeps the folder.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';

const PREFIX = 'headwater-broker-';

// A group is killed only while its leader is the process that was started: same pid and same start time.
const WATCHDOG = `
cat >/dev/null
if [ -f "$1/groups" ]; then
  while read -r pid started; do
    now=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20)
    if [ ! -d /proc/self ] || [ "$now" = "$started" ]; then kill -s KILL -- "-$pid" 2>/dev/null; fi
  done <"$1/groups"
fi
if [ -f "$1/cleanup.sh" ]; then sh "$1/cleanup.sh" >/dev/null 2>&1; fi
sleep 0.3
rm -rf "$1" || { sleep 2; rm -rf "$1"; }
`;

/** A broker's folder, and the register of process groups that die with us. */
export interface Scratch {
  readonly dir: string;
  /** Registers a running process group, named by its leader. */
  adopt(pid: number): void;
  /** Forgets a process group that has ended. */
  release(pid: number): void;
  /** A shell script for what is not a process of ours, such as containers; run when we are gone. */
  onOrphaned(script: string): void;
  /** Kills what is still registered and removes the folder. */
  dispose(): Promise<void>;
}

/** Opens a folder for a broker's data that is removed when this process ends, whatever ends it. */
export function openScratch(name: string): Scratch {
  const dir = mkdtempSync(join(tmpdir(), `${PREFIX}${name}-`));
  writeFileSync(join(dir, 'owner'), `${process.pid} ${startedAt(process.pid)}`);
  const groups = new Map<number, string>();
  const save = (): void =>
    writeFileSync(join(dir, 'groups'), [...groups].map(([pid, at]) => `${pid} ${at}\n`).join(''));
  const watchdog = spawn('sh', ['-c', WATCHDOG, 'headwater-watchdog', dir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const gone = new Promise<void>((resolve) => watchdog.once('close', () => resolve()));
  watchdog.unref();
  // A pipe is a socket to Node, with an `unref` that the type does not show.
  (watchdog.stdin as unknown as { unref(): void }).unref();
  return {
    dir,
    adopt(pid) {
      groups.set(pid, startedAt(pid));
      save();
    },
    release(pid) {
      if (groups.delete(pid)) save();
    },
    onOrphaned(script) {
      writeFileSync(join(dir, 'cleanup.sh'), script);
    },
    async dispose() {
      watchdog.ref();
      watchdog.stdin.end();
      await gone;
    },
  };
}

/** Ends and removes what a run left behind whose process and watchdog were both killed. */
export async function sweepStale(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || !isOursAndOrphaned(dir)) continue;
    await run('sh', ['-c', WATCHDOG, 'headwater-watchdog', dir], { timeoutMs: 30_000 });
    rmSync(dir, { recursive: true, force: true });
  }
}

function isOursAndOrphaned(dir: string): boolean {
  try {
    const { uid, mtimeMs } = statSync(dir);
    if (uid !== process.getuid?.()) return false;
    // A running watchdog needs a moment of its own to finish.
    if (Date.now() - mtimeMs < 10_000) return false;
    // Without an owner it is the rest of a folder whose removal was cut short.
    if (!existsSync(join(dir, 'owner'))) return true;
    const [pid, started] = readFileSync(join(dir, 'owner'), 'utf8').split(' ');
    return startedAt(Number(pid)) !== started;
  } catch {
    return false;
  }
}

/** When a process started, in whatever unit the system has: only good for telling two processes apart. */
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // Without /proc the best that can be said is whether it is alive.
    return isAlive(pid) ? 'alive' : 'gone';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
