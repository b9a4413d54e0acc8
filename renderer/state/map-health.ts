import type { ConnectionDto } from '../../app/contract/page.ts';

/** How a node fares, in a word and in a sentence. */
export interface Health {
  readonly state: 'well' | 'gaps' | 'silent' | 'lagging' | 'down';
  readonly words: string;
}

export const well: Health = { state: 'well', words: '' };

/** Silence is worth a word where events came more often than every ten seconds, and none has for a minute. */
const usualRate = 0.1;
const silence = 60_000;
/** Fewer that wait than this are on their way, not a queue. */
const someLag = 5;

/** True where what waits has grown at each of the last looks. */
export function lagGrows(lags: readonly number[]): boolean {
  const last = lags.at(-1) ?? 0;
  return (
    lags.length > 2 && last >= someLag && lags.slice(1).every((lag, index) => lag > (lags[index] ?? lag))
  );
}

/** The connection that reads a channel, and what it missed of it. */
export interface Coverage {
  readonly connection: ConnectionDto;
  readonly gaps: ConnectionDto['active'][number]['gaps'];
}

interface ChannelFacts {
  readonly coverage: Coverage | undefined;
  readonly lagging: boolean;
  readonly rate: number;
  /** Events a second that it had. */
  readonly usual: number;
  readonly last: number | undefined;
  readonly now: number;
}

/** The worst that is known of a channel. */
export function channelHealth({ coverage, lagging, rate, usual, last, now }: ChannelFacts): Health {
  const { connection, gaps = [] } = coverage ?? {};
  if (connection && connection.phase !== 'live' && connection.phase !== 'done')
    return {
      state: 'down',
      words:
        `Not read now: ${connection.name} is ${connection.phase}. ${connection.problem?.message ?? ''}`.trim(),
    };
  if (lagging) return { state: 'lagging', words: 'More and more events wait for a consumer.' };
  if (
    connection?.phase === 'live' &&
    rate === 0 &&
    usual >= usualRate &&
    last !== undefined &&
    now - last > silence
  )
    return { state: 'silent', words: 'Silent for more than a minute; before, events came all the time.' };
  if (gaps.length > 0) return { state: 'gaps', words: `Not all of it was read: ${gaps[0]?.reason ?? ''}` };
  return well;
}

/** A participant fares as what it consumes does; it is out of sight where none of its channels is read. */
export function participantHealth(
  edges: readonly { readonly kind: string; readonly lagging: boolean }[],
  channels: readonly Health[],
): Health {
  if (edges.some(({ kind, lagging }) => kind === 'consumes' && lagging))
    return { state: 'lagging', words: 'More and more events wait for it.' };
  if (channels.length > 0 && channels.every(({ state }) => state === 'down'))
    return { state: 'down', words: 'None of its channels is read now.' };
  return well;
}
