import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectors } from '../engine/connectors.ts';
import { openAny } from '../format/open-file.ts';
import { writeCapture } from '../format/write-capture.ts';
import type { StartFrom } from '../model/source.ts';
import { createRecorder } from '../pipeline/recorder.ts';
import { createSupervisor, type Supervisor } from '../pipeline/supervisor.ts';
import { openTraceStore } from '../store/open.ts';
import { exitCode, Failure } from './failure.ts';
import { addMaskOptions, maskOf, type MaskFlags } from './mask-options.ts';

interface RecordFlags extends MaskFlags {
  readonly connection: readonly string[];
  readonly for?: number;
  readonly untilIdle?: number;
  readonly from: StartFrom;
  readonly channels?: readonly string[];
  readonly output: string;
}

export function registerRecord(program: Command): void {
  const command = program
    .command('record')
    .description('record what moves through brokers into a capture, without a UI')
    .requiredOption(
      '--connection <url…>',
      'broker to read; may be given several times',
      (url: string, all?: string[]) => [...(all ?? []), url],
    )
    .option('--for <duration>', 'stop after this long: 30s, 5m', parseDuration)
    .option('--until-idle <duration>', 'stop when nothing came for this long', parseDuration)
    .option('--from <when>', 'earliest, latest, or a time (ISO 8601)', parseFrom, 'latest')
    .option('--channels <names>', 'only these channels, separated by commas', (text: string) =>
      text.split(','),
    )
    .requiredOption('-o, --output <file>', 'capture to write (.hwcap)');
  addMaskOptions(command).action(runRecord);
}

function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000;
  if (!match) throw new InvalidArgumentError('A duration is a number with ms, s, m or h, such as 30s.');
  return Number(match[1]) * unit;
}

function parseFrom(text: string): StartFrom {
  if (text === 'earliest' || text === 'latest') return text;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Give earliest, latest, or a time such as 2026-03-01T10:00:00Z.');
  return time;
}

async function runRecord(flags: RecordFlags): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-record-'));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const store = await openTraceStore({ dir: join(dir, 'store') });
  try {
    const recorder = await createRecorder({
      store,
      onError: (error) => {
        say(error instanceof Error ? error.message : String(error));
      },
    });
    const supervisor = await createSupervisor({
      dir,
      connectors,
      openFile: openAny,
      store,
      recorder,
      onChange: () => undefined,
      onProblem: say,
    });
    try {
      const mask = maskOf(flags);
      for (const url of flags.connection) {
        await supervisor.add({ name: '', url, channels: flags.channels ?? 'all', from: flags.from, mask });
      }
      await recordUntil(supervisor, flags, say);
    } finally {
      await supervisor.close();
      await recorder.close();
    }
    const written = await writeCapture(store, flags.output);
    say(`Wrote ${written.events} events to ${flags.output}.`);
  } finally {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Waits for the end that was asked for, or Ctrl-C; fails when a connection can never come about. */
async function recordUntil(
  supervisor: Supervisor,
  flags: RecordFlags,
  say: (line: string) => void,
): Promise<void> {
  const started = Date.now();
  let stopped = false;
  let seen = 0;
  let changedAt = Date.now();
  let said = Date.now();
  let wasLive = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  while (!stopped) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const connections = supervisor.list();
    for (const { name, phase, problem } of connections) {
      if (phase === 'failed') {
        throw new Failure(
          exitCode.failed,
          `${name}: ${problem?.message ?? 'failed'} ${problem?.remedy ?? ''}`,
        );
      }
    }
    const now = Date.now();
    const events = connections.reduce((sum, c) => sum + c.events, 0);
    const live = connections.every((c) => c.phase === 'live');
    if (live && !wasLive) say('Recording. Ctrl-C ends it and writes the capture.');
    wasLive ||= live;
    if (events !== seen || !live) changedAt = now;
    seen = events;
    if (now - said >= 5_000) {
      said = now;
      const problem = connections.find((c) => c.problem)?.problem;
      say(`${events} events${problem ? `; ${problem.message}` : ''}`);
    }
    if (flags.untilIdle !== undefined && live && now - changedAt >= flags.untilIdle) return;
    if (flags.for !== undefined && now - started >= flags.for) break;
  }
  const away = supervisor.list().find((c) => c.problem && c.events === 0);
  if (!wasLive && away) {
    throw new Failure(exitCode.failed, `${away.name}: ${away.problem?.message} ${away.problem?.remedy}`);
  }
}
