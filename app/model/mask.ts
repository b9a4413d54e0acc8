/** What is masked before anything is written: paths of fields in payloads (`customer.email`), and names of headers. */
export interface Mask {
  readonly fields: readonly string[];
  readonly headers: readonly string[];
  /**
   * Keeps payloads in which no field can be found, since they are no JSON. Without it they are withheld where there are
   * fields to mask.
   */
  readonly keepUnreadable?: boolean;
}
