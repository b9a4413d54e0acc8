/** Stream entry ids: `<ms>-<seq>`, both up to 64 bits, so they are compared as texts of digits. */

const maxSeq = '18446744073709551615';

function parts(id: string): readonly [ms: string, seq: string] {
  const [ms = '0', seq = '0'] = id.split('-');
  return [ms.replace(/^0+(?=\d)/, ''), seq.replace(/^0+(?=\d)/, '')];
}

function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Below 0, 0 or above 0, as `a` is before, equal to or after `b`. */
export function compareIds(a: string, b: string): number {
  const [aMs, aSeq] = parts(a);
  const [bMs, bSeq] = parts(b);
  return compareDigits(aMs, bMs) || compareDigits(aSeq, bSeq);
}

export const minId = (a: string, b: string): string => (compareIds(a, b) <= 0 ? a : b);

/** The smallest id after this one. */
export function nextId(id: string): string {
  const [ms, seq] = parts(id);
  return seq === maxSeq ? `${BigInt(ms) + 1n}-0` : `${ms}-${BigInt(seq) + 1n}`;
}

/** When the entry was added by the server's clock, epoch ms, if its id was generated. */
export function msOf(id: string): number {
  return Number(parts(id)[0]);
}

/** The id that every entry from this moment on is after. */
export function idBefore(epochMs: number): string {
  const ms = Math.floor(epochMs);
  return ms <= 0 ? '0-0' : `${ms - 1}-${maxSeq}`;
}

/** Before every entry. */
export const beginning = '0-0';
