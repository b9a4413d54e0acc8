import type { ReactNode } from 'react';
import { parseQuery } from '../../../app/language/parse-query.ts';
import { allTime } from '../../../app/language/time-range.ts';
import type { TimeRange } from '../../../app/language/time-range.ts';
import { showTimes } from '../../state/route.ts';
import { Button } from '../../widgets/button.tsx';
import { rangeWithin } from '../../widgets/range-words.ts';

interface NothingFoundProps {
  readonly query: string;
  readonly range: TimeRange;
  /** What was read. */
  readonly coverage: ReactNode;
  /** What can be done to read further. */
  readonly children: ReactNode;
}

/** A search without result: says what was looked at, so that "not found" is not taken for "never happened". */
export function NothingFound({ query, range, coverage, children }: NothingFoundProps) {
  const [key] = parseQuery(query).query.keys;
  const wanted = key ? (key.name === undefined ? key.value : `${key.name}=${key.value}`) : undefined;
  const within = rangeWithin(range);
  return (
    <div className="nothing-found">
      <h2>
        {wanted === undefined ? (
          `No trace ${query === '' ? 'is there' : 'matches'} in what was read`
        ) : (
          <>
            No trace carries <b className="mono">{wanted}</b> in what was read
          </>
        )}
        {within && ` ${within}`}
      </h2>
      {range.kind !== 'all' && (
        <div className="nothing-actions">
          <Button icon="clock" onClick={() => showTimes(allTime)}>
            Look at all time
          </Button>
        </div>
      )}
      {coverage}
      {wanted !== undefined && children}
    </div>
  );
}
