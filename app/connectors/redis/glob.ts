/** Redis's patterns for channels: `*`, `?`, `[a-z]`, `[^a]`, and `\` before a character that means itself. */

const compiled = new Map<string, RegExp>();

/** Whether the text matches the whole pattern, as Redis decides it. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  let regExp = compiled.get(pattern);
  if (!regExp) {
    if (compiled.size > 1_000) compiled.clear();
    regExp = new RegExp(`^${toRegExp(pattern)}$`, 'su');
    compiled.set(pattern, regExp);
  }
  return regExp.test(text);
}

/** The pattern that only this text matches. */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[\\]/g, '\\$&');
}

const escape = (char: string) => (/[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char);
const escapeInSet = (char: string) => (/[\\\][^-]/.test(char) ? `\\${char}` : char);

function toRegExp(pattern: string): string {
  const chars = Array.from(pattern);
  let out = '';
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === '*') out += '.*';
    else if (char === '?') out += '.';
    else if (char === '\\' && i + 1 < chars.length) out += escape(chars[++i]!);
    else if (char === '[') {
      const negated = chars[i + 1] === '^';
      if (negated) i++;
      let set = '';
      while (++i < chars.length && chars[i] !== ']') {
        if (chars[i] === '\\' && i + 1 < chars.length) set += escapeInSet(chars[++i]!);
        else if (chars[i + 1] === '-' && i + 2 < chars.length && chars[i + 2] !== ']') {
          const [low, high] = [chars[i]!, chars[i + 2]!].toSorted();
          set += `${escapeInSet(low!)}-${escapeInSet(high!)}`;
          i += 2;
        } else set += escapeInSet(chars[i]!);
      }
      if (set === '') out += negated ? '.' : '(?!)';
      else out += `[${negated ? '^' : ''}${set}]`;
    } else out += escape(char);
  }
  return out;
}
