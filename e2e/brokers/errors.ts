/** Something went wrong with a broker in a way that a person can act on; the message is a whole sentence. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
}

/** A broker could not start because another process took one of its ports first; worth another try. */
export class PortTakenError extends BrokerError {}

/** Tells in the progress stream (stderr, so that stdout stays free for results) what is going on. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
