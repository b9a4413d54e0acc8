/** What a capture says of itself before its events are read. Times are epoch ms. */
export interface CaptureSummary {
  readonly created: number;
  readonly events: number;
  readonly deliveries: number;
  readonly traces: number;
  /** Of the earliest and the latest event, where it says so. */
  readonly first?: number;
  readonly last?: number;
  /** Values were masked when it was written. */
  readonly masked: boolean;
}
