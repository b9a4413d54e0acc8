import type { SideEffect, SourceConfig } from '../../model/source.ts';
import { createManagement, type Management } from './management.ts';
import type { RabbitmqSettings } from './options.ts';
import { enableTracing, restoreTracing, tracingEffect } from './tracing.ts';

/** What a look at the tracing flag told. */
export interface TracingState {
  readonly on: boolean;
  /** Messages were not traced from then until now; epoch ms. */
  readonly missedSince?: number;
}

/** Keeps tracing on while the firehose is read, and puts it back afterwards if it was us who switched it on. */
export interface TracingGuard {
  /** Switches it on where that is our part. */
  start(): Promise<void>;
  /** Looks whether it is still on; switches it on again where we may. */
  check(): Promise<TracingState>;
  /** Puts it back. Never throws: what cannot be restored stays in the journal. */
  end(): Promise<void>;
}

/** How long the broker may take to answer when we leave, ms. */
const goodbyeMs = 2_000;

/** `enable`: tracing is off, and the user may switch it on. */
export function createTracingGuard(
  management: Management,
  url: URL,
  s: RabbitmqSettings,
  config: SourceConfig,
  enable: boolean,
): TracingGuard {
  const { journal, now } = config;
  let ours: SideEffect | undefined;
  let tracedUntil = 0;
  let missing = false;

  const switchOn = async () => {
    ours = tracingEffect(url, s.vhost);
    await enableTracing(management, journal, ours);
  };
  return {
    async start() {
      if (enable) await switchOn();
      tracedUntil = now();
    },
    async check() {
      const asked = now();
      let { tracing: on } = await management.vhost();
      const wasOff = !on;
      if (wasOff && (await management.whoami()).tags.includes('administrator')) {
        await switchOn();
        on = true;
      }
      const since = tracedUntil;
      if (!wasOff && !missing) {
        tracedUntil = asked;
        return { on };
      }
      // Consecutive gaps: each begins where the one before ended.
      missing = !on;
      tracedUntil = now();
      return { on, missedSince: since };
    },
    async end() {
      if (!ours) return;
      const goodbye = createManagement(url, s, { timeoutMs: goodbyeMs });
      await restoreTracing(goodbye, journal, ours).catch(() => {});
    },
  };
}
