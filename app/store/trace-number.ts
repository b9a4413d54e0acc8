/**
 * A trace's id is `t` and the number of its first event in base 36. Stored as that number: numbers that lie near each
 * other in a column let DuckDB skip what is far away.
 * @throws where the id has another form.
 */
export function traceNumber(id: string): number {
  const number = tryTraceNumber(id);
  if (number === undefined)
    throw new Error(`A trace id is t and a number in base 36; ${JSON.stringify(id)} is not.`);
  return number;
}

/** The number, or undefined for a text that is no trace id (a mistyped address). */
export function tryTraceNumber(id: string): number | undefined {
  const number = parseInt(id.slice(1), 36);
  return Number.isSafeInteger(number) && traceId(number) === id ? number : undefined;
}

export function traceId(number: number): string {
  return `t${number.toString(36)}`;
}
