import { useMap } from '../../state/map.ts';
import { togglePaused, useMapFocus } from '../../state/map-focus.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { counted } from '../../widgets/format.ts';

interface MapBarProps {
  readonly participants: number;
  readonly channels: number;
  /** What was found of what is searched, in words. */
  readonly found: string | undefined;
  readonly idle: number;
  readonly showIdle: boolean;
  readonly onIdle: (show: boolean) => void;
  onArrange(): void;
}

/** What the map holds, and what can be done with the whole of it. */
export function MapBar({ participants, channels, found, idle, showIdle, onIdle, onArrange }: MapBarProps) {
  const past = useMap((state) => state.time === 'past');
  const paused = useMapFocus((state) => state.paused);
  return (
    <header className="view-bar">
      <h1>Map</h1>
      <span className="view-count" role="status">
        {counted(participants, 'participant')}, {counted(channels, 'channel')}
        {found !== undefined && ` · ${found}`}
      </span>
      <span className="map-tools">
        {(idle > 0 || showIdle) && (
          <Button look="quiet" onClick={() => onIdle(!showIdle)}>
            {showIdle ? 'Hide idle channels' : `Show ${counted(idle, 'idle channel')}`}
          </Button>
        )}
        <span className="map-legend" aria-hidden="true">
          <i className="solid" /> proven
          <i className="dashed" /> inferred
          {!past && (
            <>
              <i className="bead" /> waiting
            </>
          )}
        </span>
        <Button look="quiet" icon="arrange" onClick={onArrange}>
          Arrange anew
        </Button>
        {!past && (
          <IconButton
            icon={paused ? 'play' : 'pause'}
            label={paused ? 'Let events move' : 'Hold events still'}
            hint="space"
            aria-pressed={paused}
            onClick={togglePaused}
          />
        )}
      </span>
    </header>
  );
}
