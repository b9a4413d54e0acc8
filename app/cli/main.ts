import { Command, CommanderError } from 'commander';
import { version } from '../engine/version.ts';
import { exitCode, Failure } from './failure.ts';
import { registerOpen } from './open.ts';
import { registerReads } from './reads.ts';
import { registerRecord } from './record.ts';
import { registerServe } from './serve.ts';
import { endAtSignals } from './signals.ts';
import { mustBeCommand } from './unknown-command.ts';

const program = new Command('headwater')
  .description('Trace every event across Kafka, RabbitMQ and Redis back to its source.')
  .version(version)
  .exitOverride()
  .configureHelp({ sortSubcommands: true });

registerOpen(program);
registerServe(program);
registerRecord(program);
registerReads(program);

endAtSignals();
try {
  mustBeCommand(program, process.argv.slice(2));
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong and gives the exit code. Standard output stays clean: scripts read it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.calledWrongly;
  process.stderr.write(`headwater: ${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof Failure) return error.code;
  if (process.env['HEADWATER_DEBUG'] && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  return exitCode.failed;
}
