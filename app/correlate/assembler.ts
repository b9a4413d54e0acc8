import type { Subscription } from '../model/delivery.ts';
import type { EventFacts, KeyLookUp, TraceChanges } from '../model/trace.ts';
import type { Bloom } from './bloom.ts';

export interface AssemblerOptions {
  /** Reads back traces that left memory. */
  readonly lookUp: KeyLookUp;
  /** What keys the store holds; the assembler adds the keys of what it lets go. */
  readonly known: Pick<Bloom, 'add' | 'has'>;
  /** Events kept in memory; the traces touched longest ago are let go beyond it. */
  readonly maxOpenEvents?: number;
}

export interface Assembler {
  add(events: readonly EventFacts[]): Promise<void>;
  markFailed(eventId: string): void;
  setSubscriptions(connection: string, subscriptions: readonly Subscription[]): void;
  takeChanges(): TraceChanges;
}

export function createAssembler(_options: AssemblerOptions): Assembler {
  throw new Error('not yet');
}
