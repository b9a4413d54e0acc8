#!/usr/bin/env node
// Plain JavaScript that any Node since 20 runs: it finds a Node that runs the TypeScript of this folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
const FLAGS = [
  // kafkajs 2.2.4 sets timers to times that have passed, and Node 24 prints a warning at each.
  '--disable-warning=TimeoutNegativeWarning',
  '--disable-warning=ExperimentalWarning',
];

const isWindows = process.platform === 'win32';
const isNewEnough = Number.parseInt(process.versions.node, 10) >= OLDEST;

if (isNewEnough && FLAGS.every((flag) => process.execArgv.includes(flag))) {
  await runHere();
} else {
  startAgain(isNewEnough ? process.execPath : pinnedNode());
}

async function runHere() {
  // Started by another Node: end with it, also when it is killed, or the store would stay locked.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
  await import('./main.ts');
}

function startAgain(node) {
  const args = [...FLAGS, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  // In place where that is possible, so that no second process stands between the caller and Headwater.
  if (process.execve !== undefined && !isWindows) {
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args]);
  }
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // A terminal's Ctrl-C reaches the child by itself, and a second one means "at once".
  const fromTerminal = process.stdin.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !fromTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => stop(`Headwater could not start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function pinnedNode() {
  const file = isWindows ? 'node.exe' : 'node';
  const node = fileURLToPath(new URL(`../../node_modules/node/bin/${file}`, import.meta.url));
  if (!existsSync(node)) {
    stop(
      `Headwater needs Node ${OLDEST} or newer and this is ${process.versions.node}: ` +
        'run npm ci, which brings one, or install a newer Node.',
    );
  }
  return node;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(3);
}
