/**
 * An offset as a text whose order is the offset's order within its partition: decimal numbers and stream entry ids
 * (`1795414165291-0`) are padded, 20 digits being enough for 64 bits. Anything else ranks by its own text.
 */
export function offsetRank(offset: string): string {
  if (!/^\d+(-\d+)?$/.test(offset)) return offset;
  return offset
    .split('-')
    .map((part) => part.padStart(20, '0'))
    .join('-');
}
