import type { Coverage, Delivery, Topology } from '../../app/model/delivery.ts';
import type { RawMessage } from '../../app/model/message.ts';
import type { Alert, Journal, ReadRequest, SideEffect, Source, SourceItem } from '../../app/model/source.ts';

/** What a source that is being read has told so far. */
export interface Recording {
  readonly items: readonly SourceItem[];
  readonly messages: readonly RawMessage[];
  readonly deliveries: readonly Delivery[];
  readonly coverage: readonly Coverage[];
  readonly alerts: readonly Alert[];
  readonly topology: Topology | undefined;
  /** What the reading ended with, if it failed. */
  readonly error: unknown;
  /** Stops reading; resolves when the source has undone what it did. */
  stop(): Promise<void>;
}

/** Reads in the background, everything and from now on unless the request says otherwise. */
export function record(source: Source, request: Partial<Omit<ReadRequest, 'signal'>> = {}): Recording {
  const items: SourceItem[] = [];
  const abort = new AbortController();
  let error: unknown;
  const running = (async () => {
    try {
      const read = source.read({
        channels: 'all',
        from: 'latest',
        resume: [],
        ...request,
        signal: abort.signal,
      });
      for await (const batch of read) items.push(...batch);
    } catch (thrown) {
      error = thrown;
    }
  })();
  const ofKind = <K extends SourceItem['kind']>(kind: K) =>
    items.filter((item): item is Extract<SourceItem, { kind: K }> => item.kind === kind);
  return {
    items,
    get messages() {
      return ofKind('message');
    },
    get deliveries() {
      return ofKind('delivery');
    },
    get coverage() {
      return ofKind('coverage');
    },
    get alerts() {
      return ofKind('alert');
    },
    get topology() {
      return ofKind('topology').at(-1);
    },
    get error() {
      return error;
    },
    async stop() {
      abort.abort();
      await running;
    },
  };
}

/** A journal that only remembers. */
export function memoryJournal(): Journal & { readonly open: SideEffect[]; readonly seen: SideEffect[] } {
  const open: SideEffect[] = [];
  const seen: SideEffect[] = [];
  return {
    open,
    seen,
    record(effect) {
      open.push(effect);
      seen.push(effect);
      return Promise.resolve();
    },
    done(effect) {
      const at = open.findIndex((e) => e.type === effect.type && e.target === effect.target);
      if (at >= 0) open.splice(at, 1);
      return Promise.resolve();
    },
  };
}

/** The body of a message as text. */
export const textOf = (message: RawMessage | undefined): string =>
  Buffer.from(message?.body ?? '').toString('utf8');
