import { sleep } from '../../base/timeout.ts';
import type {
  Alert,
  ChannelInfo,
  Checkpoint,
  ReadRequest,
  Source,
  SourceConfig,
  SourceItem,
} from '../../model/source.ts';
import type { Told } from './cues.ts';
import type { DemoSettings } from './options.ts';
import { createPlay, newPlay, readPlayState, resumedPlay, type PlayState } from './play.ts';
import { isTopic, placeChannel, places, topics } from './shop.ts';

/** How often the play goes on while it is live. */
const pulseMs = 250;
/** How much of the past is handed over at once. */
const sliceMs = 10_000;

/** The shop, played from its history on. There is nothing to connect to, and nothing to close. */
export function createDemoSource(settings: DemoSettings, config: SourceConfig): Source {
  const { cluster, at } = settings;
  let openedAt: number | undefined;
  /** What the play takes for now: exactly `at` when it is asked first, so that each play begins at the same moment. */
  const now = (): number => {
    const clock = config.now();
    openedAt ??= clock;
    return Math.floor(at === undefined ? clock : at + clock - openedAt);
  };
  const channels = places.map((place): ChannelInfo => ({
    channel: placeChannel(cluster, place),
    ...(isTopic(place) && { partitions: topics[place].partitions }),
    means: 'played by Headwater itself',
  }));

  /** The place of the play is kept with one channel, for all: they move on together. */
  const checkpoint = (state: PlayState): Checkpoint => ({
    kind: 'checkpoint',
    channel: placeChannel(cluster, 'orders'),
    next: JSON.stringify(state),
  });

  async function* read(request: ReadRequest): AsyncGenerator<readonly SourceItem[]> {
    const { signal, resume } = request;
    const stored = resume.map(({ next }) => readPlayState(next)).find((state) => state !== undefined);
    const openedNow = now();
    // Who goes on has seen what is before; else it is as was asked.
    const from =
      stored || request.from === 'earliest'
        ? -Infinity
        : request.from === 'latest'
          ? openedNow
          : request.from;
    const isWanted = ({ item, at: when, place }: Told): boolean =>
      item.kind === 'topology' ||
      (when >= from &&
        (request.channels === 'all' || place === undefined || request.channels.includes(place)));
    const chosen = (told: readonly Told[]): SourceItem[] => told.filter(isWanted).map(({ item }) => item);

    const resumed = stored && resumedPlay(stored, settings, openedNow);
    const play = createPlay(settings, resumed?.state ?? newPlay(settings, openedNow));
    yield [];
    if (resumed?.finished) {
      yield [...chosen(resumed.finished), checkpoint(play.state), closedAlert(config.now())];
    }
    while (!signal.aborted) {
      const until = now();
      const told = play.advance(Math.min(until, play.state.played + sliceMs));
      if (told.length > 0) yield [...chosen(told), checkpoint(play.state)];
      if (play.state.played >= until) await sleep(pulseMs, signal);
    }
  }

  return {
    discover: () => Promise.resolve(channels),
    sideEffects: () => Promise.resolve([]),
    read,
    close: () => Promise.resolve(),
  };
}

const closedAlert = (time: number): Alert => ({
  kind: 'alert',
  severity: 'info',
  message:
    'Nobody looked for a long time: the shop was closed meanwhile, and opened again a quarter of an hour ago.',
  time,
});
