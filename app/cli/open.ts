import type { Command } from 'commander';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { shellIsOpen } from '../contract/desktop.ts';
import { findDesktop, type Desktop } from './desktop.ts';
import { withDemoDir } from './demo-dir.ts';
import { checkFlags, runServe, withServeOptions, type ServeFlags } from './serve.ts';

/** `headwater` without a subcommand: the desktop app where there is one and a display, else as `serve`. */
export function registerOpen(program: Command): void {
  withServeOptions(program.command('open', { isDefault: true, hidden: true })).action(runOpen);
}

async function runOpen(file: string | undefined, flags: ServeFlags, command: Command): Promise<void> {
  checkFlags(file, flags);
  const desktop = saysHowToServe(command) ? undefined : findDesktop();
  if (desktop?.found) {
    const outcome = flags.demo
      ? await withDemoDir(flags.seed, (data) => runDesktop(desktop, undefined, { HEADWATER_DATA: data }))
      : await runDesktop(desktop, file);
    if (outcome.opened) {
      process.exitCode = outcome.code;
      return;
    }
    process.stderr.write(`Serving to a browser: ${outcome.reason}\n`);
  } else if (desktop) {
    process.stderr.write(`Serving to a browser: ${desktop.reason}\n`);
  }
  await runServe(file, flags);
}

/** Whoever says how to serve wants it served. That the demo is to be played, and which, is no such thing. */
export function saysHowToServe(command: Command): boolean {
  return command.options
    .map((option) => option.attributeName())
    .some((name) => !['demo', 'seed'].includes(name) && command.getOptionValueSource(name) === 'cli');
}

type Outcome =
  { readonly opened: true; readonly code: number } | { readonly opened: false; readonly reason: string };

/** Runs the desktop app until it ends. One that fails before it has a window was never opened. */
function runDesktop(
  desktop: Desktop,
  file: string | undefined,
  more: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return new Promise((done) => {
    const child = spawn(desktop.program, [desktop.app, ...(file === undefined ? [] : [resolve(file)])], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, ...more },
    });
    let opened = false;
    child.stdout.on('data', (chunk: Buffer) => {
      opened ||= chunk.includes(shellIsOpen);
      process.stdout.write(chunk);
    });
    // A terminal's Ctrl-C reaches the shell by itself, and a second one would end it before it has cleaned up.
    const forward = (signal: NodeJS.Signals) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, forward);
    const end = (outcome: Outcome) => {
      for (const signal of signals) process.off(signal, forward);
      done(outcome);
    };
    child.on('error', (error) => {
      end({ opened: false, reason: `${desktop.program} could not be started (${error.message}).` });
    });
    child.on('exit', (code, signal) => {
      const status = code ?? 128 + (signal ? constants.signals[signal] : 0);
      // A second start hands its file to the first and ends at once, without a window and without an error.
      if (opened || status === 0) end({ opened: true, code: status });
      else
        end({
          opened: false,
          reason: `the desktop app ended (${signal ?? `exit code ${status}`}) at start.`,
        });
    });
  });
}
