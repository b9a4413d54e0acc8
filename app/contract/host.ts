import { oc } from '@orpc/contract';
import { z } from 'zod';

/**
 * What the desktop shell and the engine, which runs in a process of its own, say to each other. Two RPC contracts over
 * two ports, one in each direction; both ends check with zod.
 */

const problem = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
const base = oc.errors({ FAILED: { data: problem } });

/** Asked by the shell, answered by the engine. */
export const engineHost = {
  /** Opens the store and connects what was connected. Without `dir` the data folder of the command is taken. */
  start: base.input(z.object({ dir: z.string().optional() })).output(z.object({ version: z.string() })),
  /** Reads a file as a connection of its own. */
  openFile: base.input(z.object({ path: z.string().min(1) })).output(z.object({ id: z.string() })),
  /** The file of a capture that was saved, for the page's download. */
  capture: base
    .input(z.object({ id: z.string() }))
    .output(z.object({ name: z.string(), path: z.string() }).optional()),
  /** Disconnects, undoes side effects, makes everything durable: then the process may be ended. */
  stop: base.output(z.void()),
};

/** Asked by the engine, answered by the shell. */
export const shellHost = {
  /** Encrypts with a key that only the system's key store holds, into base64. Fails where there is no key store. */
  seal: base.input(z.object({ text: z.string() })).output(z.object({ sealed: z.string() })),
  unseal: base.input(z.object({ sealed: z.string() })).output(z.object({ text: z.string() })),
  /** Something that the user should find in the log. */
  warn: base.input(z.object({ message: z.string() })).output(z.void()),
};

/**
 * The messages beside RPC: they hand over ports. `host` comes first, with two: the engine serves `engineHost` on the
 * first and calls `shellHost` on the second. `page` comes with one, on which the page's contract is served.
 */
export const handOver = z.object({ kind: z.enum(['host', 'page']) });
export type HandOver = z.infer<typeof handOver>;
