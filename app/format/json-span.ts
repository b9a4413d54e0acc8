import { stringEnd } from '../base/json-tokens.ts';

const quoteMark = 0x22;

/**
 * The source text of one property's value in the text of a JSON object, exactly as it was written: numbers beyond 2^53,
 * blanks and repeated keys survive, which parsing and writing again would lose.
 *
 * @param json valid JSON text of an object; anything may come out of text that is not.
 * @returns the value's text; the last one where the name is repeated, as JSON.parse has it; undefined where it is absent.
 */
export function valueText(json: string, name: string): string | undefined {
  const wanted = JSON.stringify(name);
  let found: string | undefined;
  let depth = 0;
  let valueStart = -1;
  let matches = false;
  const end = (at: number): void => {
    if (matches && valueStart >= 0) found = json.slice(valueStart, at).trim();
    matches = false;
    valueStart = -1;
  };
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case quoteMark: {
        const close = stringEnd(json, at);
        // A name of the outermost object: a string at depth 1 where no value has begun.
        if (depth === 1 && valueStart < 0) matches = json.slice(at, close + 1) === wanted;
        at = close;
        break;
      }
      case 0x3a /* : */:
        if (depth === 1 && valueStart < 0) valueStart = at + 1;
        break;
      case 0x2c /* , */:
        if (depth === 1) end(at);
        break;
      case 0x7b /* { */:
      case 0x5b /* [ */:
        depth++;
        break;
      case 0x7d /* } */:
      case 0x5d /* ] */:
        depth--;
        if (depth === 0) end(at);
        break;
    }
  }
  return found;
}
