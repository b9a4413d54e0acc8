/** The command's exit codes; scripts rely on them. */
export const exitCode = { ok: 0, notThere: 1, calledWrongly: 2, failed: 3 } as const;

/** Ends the command with a sentence for a person and the code that a script looks at. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
