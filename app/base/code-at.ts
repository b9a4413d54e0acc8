const { charCodeAt } = String.prototype;

/**
 * `text.charCodeAt(at)` for loops over the characters of many texts. V8 finds methods by the hidden class of a value, and
 * texts have a dozen of these (flat, joined, sliced, shared, of wide characters …): code that has met more than a few
 * looks the method up again for each character. This way there is nothing to look up.
 */
export function codeAt(text: string, at: number): number {
  return charCodeAt.call(text, at);
}
