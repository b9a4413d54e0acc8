import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import { connectors } from '../engine/connectors.ts';
import { openAny } from '../format/open-file.ts';
import { writeCapture } from '../format/write-capture.ts';
import { ConnectionError, type StartFrom } from '../model/source.ts';
import { createRecorder } from '../pipeline/recorder.ts';
import { createSupervisor } from '../pipeline/supervisor.ts';
import { openTraceStore } from '../store/open.ts';
import { exitCode, Failure } from './failure.ts';
import { addMaskOptions, maskOf, type MaskFlags } from './mask-options.ts';
import { addRulesOption, rulesOf, type RulesFlag } from './rules-option.ts';
import { codeOf, recordUntil, type RecordingEnd } from './record-until.ts';

interface RecordFlags extends MaskFlags, RulesFlag, RecordingEnd {
  readonly connection: readonly string[];
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
    .option('--for <duration>', 'stop so long after all are connected: 30s, 5m', parseDuration)
    .option('--until-idle <duration>', 'stop when nothing came for this long', parseDuration)
    .option('--from <when>', 'earliest, latest, or a time (ISO 8601)', parseFrom, 'latest')
    .option('--channels <names>', 'only these channels, separated by commas', (text: string) =>
      text.split(','),
    )
    .requiredOption('-o, --output <file>', 'capture to write (.hwcap)');
  addRulesOption(addMaskOptions(command)).action(runRecord);
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
  const rules = await rulesOf(flags);
  const dir = makeTemporaryDir(join(tmpdir(), 'headwater-record-'));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const store = await openTraceStore({ dir: join(dir, 'store') });
  try {
    const recorder = await createRecorder({
      store,
      rules,
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
    let away: readonly string[];
    try {
      const mask = maskOf(flags);
      for (const url of flags.connection) {
        await supervisor.add({ name: '', url, channels: flags.channels ?? 'all', from: flags.from, mask });
      }
      away = await recordUntil(supervisor, flags, say);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new Failure(codeOf(error.code), `${error.message} ${error.remedy}`);
    } finally {
      await supervisor.close();
      await recorder.close();
    }
    const written = await writeCapture(store, flags.output);
    say(`Wrote ${written.events} events to ${flags.output}.`);
    if (away.length > 0) throw new Failure(exitCode.failed, away.join('\n'));
  } finally {
    await store.close();
    await removeTemporaryDir(dir);
  }
}
