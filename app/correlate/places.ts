/**
 * Where in payloads keys stand. Each path is put together once and then is the same text for all messages: it is made for
 * every key of every message, kept with some, and looked up by.
 */
export interface Place {
  /** `data.orders[].id`; empty for the payload itself. */
  readonly path: string;
  readonly fields: Map<string, Place>;
  /** Its elements, if it is a list. */
  elements: Place | undefined;
}

/** Names may be data (a map of ids to things): the tree must not grow with it. */
const placesKept = 20_000;
let places = 0;
let root = newPlace('');

function newPlace(path: string): Place {
  places++;
  return { path, fields: new Map(), elements: undefined };
}

/** The payload itself. */
export function rootPlace(): Place {
  if (places > placesKept) {
    places = 0;
    root = newPlace('');
  }
  return root;
}

export function fieldOf(place: Place, name: string): Place {
  let field = place.fields.get(name);
  if (field === undefined) {
    field = newPlace(place.path === '' ? name : `${place.path}.${name}`);
    place.fields.set(name, field);
  }
  return field;
}

export function elementsOf(place: Place): Place {
  return (place.elements ??= newPlace(`${place.path}[]`));
}
