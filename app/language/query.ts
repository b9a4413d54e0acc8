/**
 * What a search asks for: the one grammar of the page's search box, the command and the engine.
 *
 * `12345` any key with this value · `orderId=12345` this key · `status:failed` `system:kafka` `channel:orders`
 * `type:OrderCreated` `after:15m` `before:2026-03-01T10:00Z` fields. Quotes hold spaces: `name="Ada L"`. All keys must be
 * there; several values of one field are alternatives.
 */
export interface Query {
  readonly keys: readonly QueryKey[];
  readonly status?: QueryStatus;
  readonly systems: readonly string[];
  readonly channels: readonly string[];
  readonly types: readonly string[];
  readonly after?: Moment;
  readonly before?: Moment;
}

/** A key value that must occur, under this name if one is given. */
export interface QueryKey {
  readonly name?: string;
  readonly value: string;
}

/** `complete` may be typed too and means `quiet`. */
export type QueryStatus = 'failed' | 'active' | 'quiet' | 'stuck';

/** A point in time: `at` in epoch ms, or `ago`, ms before the moment at which the query runs. */
export type Moment = { readonly at: number } | { readonly ago: number };

export const emptyQuery: Query = { keys: [], systems: [], channels: [], types: [] };

/** The moment in epoch ms, seen from `now`. */
export function momentTime(moment: Moment, now: number): number {
  return 'at' in moment ? moment.at : now - moment.ago;
}
