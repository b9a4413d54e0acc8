/**
 * Sorts a list in place. For lists that mostly are in order already: a look costs far less than `sort`, which copies what
 * it sorts twice.
 */
export function sortInPlace<T>(list: T[], compare: (a: T, b: T) => number): T[] {
  for (let i = 1; i < list.length; i++) {
    if (compare(list[i - 1] as T, list[i] as T) > 0) return list.sort(compare);
  }
  return list;
}

/** Longer lists grow by `push`. */
const copied = 8;

/**
 * The list with one more at its end. Most are short, and an array that grows by `push` makes room for sixteen more: short
 * ones are copied instead, in a loop, which is several times as quick as `concat`. Who reads a list must not hold on to it.
 */
export function appended<T>(list: readonly T[], item: T): readonly T[] {
  const { length } = list;
  if (length >= copied) {
    (list as T[]).push(item);
    return list;
  }
  // oxlint-disable-next-line unicorn/no-new-array -- as long as what it is to hold; whatever grows is longer
  const longer = new Array<T>(length + 1);
  for (let i = 0; i < length; i++) longer[i] = list[i] as T;
  longer[length] = item;
  return longer;
}
