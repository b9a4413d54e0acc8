/** One step of a path: a field's name in lower case, an element of a list, or any steps at all. */
type Step = { readonly name: string } | 'element' | 'any';

interface FieldPath {
  readonly steps: readonly Step[];
  /** It begins at the top of the payload only (`$.id`), not wherever it fits. */
  readonly anchored: boolean;
}

/** How far each path has come at some place of a payload: `path * width + step` of each that goes on from there. */
export type Places = readonly number[];

/** Several paths, followed at once through a payload from its top. */
export interface FieldPaths {
  readonly top: Places;
  /** Places of what stands in a field of that name. */
  field(places: Places, name: string): Places;
  element(places: Places): Places;
  /** Whether a path ends here: what stands here is masked. */
  matches(places: Places): boolean;
}

/** A path that is none; the message says what is wrong with it. */
export class MaskPathError extends Error {
  override readonly name = 'MaskPathError';
}

/**
 * Reads paths of fields. The grammar (also in app/format/README.md):
 *
 *     path = ["$."] step {"." step}      step = (name | "*" | "**") {"[]"}
 *
 * `customer.email` is the field `email` in a field `customer`, wherever in the payload that is; `$.id` begins at the top
 * only, and `$key` is the message's key. `[]` is an element of a list and may be left out, since paths go through lists by themselves. `*` and `**` stand
 * for any fields in between, also for none; at the end for any field. Names are compared without regard to case: a
 * value missed is worse than one masked too many.
 *
 * @throws MaskPathError with a sentence for the user.
 */
export function parseFieldPaths(texts: readonly string[]): FieldPaths {
  const paths = texts.map(parsePath);
  const width = Math.max(1, ...paths.map(({ steps }) => steps.length + 1));
  const ends = new Set(paths.map(({ steps }, index) => index * width + steps.length));
  const stepAt = (place: number): Step | undefined => paths[Math.floor(place / width)]?.steps[place % width];

  /** With what can be reached without a step: `any` may stand for nothing. */
  const settle = (places: Iterable<number>): Places => {
    const all = new Set(places);
    for (const place of all) {
      const step = stepAt(place);
      // Sets yield what is added while they are gone through. At a path's end `*` is a field, never nothing.
      if (step === 'any' && stepAt(place + 1) !== undefined) all.add(place + 1);
    }
    return [...all];
  };
  const starts = paths.map((_, index) => index * width);
  const floating = starts.filter((_, index) => paths[index]?.anchored !== true);

  /** Field names may hold dots (`{"customer.email": …}`): they are several steps. */
  const step = (places: Places, name: string): Places => {
    const next = new Set(floating);
    for (const place of places) {
      const at = stepAt(place);
      if (at === 'any') {
        next.add(place);
        if (stepAt(place + 1) === undefined) next.add(place + 1);
      } else if (typeof at === 'object' && at.name === name) next.add(place + 1);
    }
    return settle(next);
  };

  return {
    top: settle(starts),
    field(places, name) {
      const lower = name.toLowerCase();
      return lower.includes('.') ? lower.split('.').reduce(step, places) : step(places, lower);
    },
    element(places) {
      // Lists are gone through: whoever is on the way stays there.
      const next = new Set(places);
      for (const place of places) if (stepAt(place) === 'element') next.add(place + 1);
      return settle(next);
    },
    matches: (places) => places.some((place) => ends.has(place)),
  };
}

function parsePath(text: string): FieldPath {
  const given = text.trim();
  const anchored = given.startsWith('$.');
  const rest = anchored ? given.slice(2) : given;
  const steps: Step[] = [];
  for (const part of rest.split('.')) {
    const [, name = '', lists = ''] = /^(.*?)((?:\[\*?\])*)$/s.exec(part) ?? [];
    if (name === '')
      throw new MaskPathError(`${quoted(given)} names no field: write customer.email or items[].card.`);
    if (/[[\]]/.test(name))
      throw new MaskPathError(`In ${quoted(given)} elements of lists are written [], without a number.`);
    if (name === '*' || name === '**') steps.push('any');
    else if (name.includes('*'))
      throw new MaskPathError(`In ${quoted(given)} a * stands for whole names only, as in *.password.`);
    else steps.push({ name: name.toLowerCase() });
    for (let at = 0; at < lists.length; at = lists.indexOf(']', at) + 1) steps.push('element');
  }
  return { steps, anchored };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
