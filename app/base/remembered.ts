/**
 * A function of a text that remembers what it answered: for the names of types and participants, which are few, and asked
 * for again with each event. They may hold ids, so what is remembered is bounded: beyond `most` texts it begins anew.
 */
export function remembered<T>(answer: (text: string) => T, most = 5_000): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined || answers.has(text)) return known as T;
    const found = answer(text);
    if (answers.size >= most) answers.clear();
    answers.set(text, found);
    return found;
  };
}
