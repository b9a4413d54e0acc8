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
