/**
 * How well a name answers to what was typed: its letters must occur in this order, blanks apart. Higher is better;
 * undefined where it does not answer at all. Beginnings of words and runs of letters count most.
 */
export function fuzzyScore(typed: string, name: string): number | undefined {
  const wanted = letters(typed);
  const inside = letters(name);
  const names = name.toLowerCase();
  let score = 0;
  let at = -1;
  for (const letter of wanted.replaceAll(' ', '')) {
    const run = names.charAt(at + 1) === letter ? at + 1 : -1;
    const start = run < 0 ? wordStart(names, letter, at + 1) : -1;
    const next = run >= 0 ? run : start >= 0 ? start : names.indexOf(letter, at + 1);
    if (next < 0) return inside.includes(wanted) ? 1 : undefined;
    score += startsWord(names, next) ? 4 : next === run ? 3 : 0;
    at = next;
  }
  // Among equals the shorter name is closer to what was typed.
  return score + (` ${names}`.includes(` ${wanted}`) ? 10 : 0) - name.length / 100;
}

function letters(text: string): string {
  return text.trim().toLowerCase();
}

function wordStart(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1))
    if (startsWord(text, at)) return at;
  return -1;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}
