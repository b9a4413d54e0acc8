import { allTime } from '../../../app/language/time-range.ts';
import { useMap } from '../../state/map.ts';
import { showTimes, useRoute } from '../../state/route.ts';
import { Button } from '../../widgets/button.tsx';
import { rangeWithin } from '../../widgets/range-words.ts';

/** Where the map is of a time that is past: which one, what of it cannot be told, and the way back. */
export function PastNote() {
  const past = useMap((state) => state.time === 'past');
  const within = useRoute(({ range }) => rangeWithin(range));
  if (!past) return null;
  return (
    <p className="map-past">
      What was recorded {within}. What waited then, and how brokers fared, is not known: that is told of now
      only.
      <Button look="quiet" icon="pulse" onClick={() => showTimes(allTime)}>
        Back to now
      </Button>
    </p>
  );
}
