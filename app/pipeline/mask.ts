import { unwrapBody } from '../decode/decode.ts';
import type { Delivery } from '../model/delivery.ts';
import type { LinkEdit } from '../model/link-edit.ts';
import type { Mask } from '../model/mask.ts';
import { maskedText, type Header, type Json, type RawMessage } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import { createHiding, type Hiding } from './hiding.ts';
import { hideInJson, isJson, maskInner, maskJson } from './mask-json.ts';
import { parseFieldPaths } from './mask-path.ts';
import { nameEvent } from './name-event.ts';

/** Takes out of items what must not be written, before anything else looks at them. Logs and keeps no value. */
export interface Masker {
  message(raw: RawMessage): RawMessage;
  /** Of a message whose name held a masked value: it is called otherwise now. */
  delivery(delivery: Delivery): Delivery;
  items(items: readonly SourceItem[]): readonly SourceItem[];
}

/** Messages whose names were changed, the oldest forgotten first: deliveries follow their message closely. */
const renamedKept = 50_000;

/** The message key, as a path names it: of a tombstone, or of what cannot be parsed, it is all that may tell a value. */
const keyField = '$key';

/** Undefined where there is nothing to mask. @throws MaskPathError for a path that is none. */
export function createMasker(mask: Mask | undefined): Masker | undefined {
  if (!mask || (mask.fields.length === 0 && mask.headers.length === 0)) return undefined;
  const paths = parseFieldPaths(mask.fields);
  const headers = new Set(mask.headers.map((name) => name.trim().toLowerCase()));
  const renamed = new Map<string, string>();

  /** Fields of stream entries may be headers here: a path that fits a header's name masks it too. */
  const isMasked = (name: string): boolean =>
    headers.has(name.toLowerCase()) || paths.matches(paths.field(paths.top, name));

  function maskBody(raw: RawMessage, hiding: Hiding): Pick<RawMessage, 'body' | 'recorded'> {
    if (raw.body === null || raw.body.length === 0) return raw;
    const { body, size, unwrapped = [], problems = [] } = unwrapBody(raw, raw.body);
    const isText = typeof body === 'string';
    if (isText && isJson(body)) {
      const masked = mask?.fields.length ? maskJson(body, paths, hiding.add) : body;
      const rest = hiding.hides(masked) ? hideInJson(masked, hiding.long) : masked;
      return { body: rest, recorded: { unwrapped, size, problems } };
    }
    const why =
      mask?.fields.length && mask.keepUnreadable !== true
        ? 'it is not JSON, so the fields to mask cannot be found in it'
        : !isText && hiding.bytes(body)
          ? 'it is not text and holds a masked value'
          : undefined;
    if (why === undefined)
      return { body: isText ? hiding.text(body) : body, recorded: { unwrapped, size, problems } };
    const withheld = `The payload (${size.toLocaleString('en')} bytes) was withheld: ${why}.`;
    // Not its other problems: what they say of it may quote it.
    return { body: '', recorded: { unwrapped, size, problems: [withheld] } };
  }

  function maskHeader([name, value]: Header, hiding: Hiding): Header {
    if (isMasked(name)) {
      hiding.add(value);
      return [name, maskedText];
    }
    return typeof value === 'string'
      ? [name, maskInner(value, paths.field(paths.top, name), paths, hiding.add)]
      : [name, value];
  }

  function maskKey(key: RawMessage['key'], hiding: Hiding): RawMessage['key'] {
    if (key === undefined || key.length === 0) return key;
    if (isMasked(keyField)) {
      hiding.add(key);
      return maskedText;
    }
    return typeof key === 'string' ? maskInner(key, paths.top, paths, hiding.add) : key;
  }

  function maskProperty([name, value]: [string, Json], hiding: Hiding): [string, Json] {
    if (!isMasked(name)) return [name, value];
    hiding.json(value);
    return [name, maskedText];
  }

  function message(raw: RawMessage): RawMessage {
    const hiding = createHiding();
    const { notes, routingKey, producer, id } = raw;
    const maskedHeaders = raw.headers.map((header) => maskHeader(header, hiding));
    const properties =
      raw.properties &&
      Object.fromEntries(Object.entries(raw.properties).map((property) => maskProperty(property, hiding)));
    const key = maskKey(raw.key, hiding);
    // Before the rest is gone through: headers and keys may hold what the payload has under a masked path.
    const body = maskBody(raw, hiding);
    const seen: RawMessage = { ...raw, ...body, headers: maskedHeaders, properties, key };
    if (hiding.isEmpty) return seen;
    const masked: RawMessage = {
      ...seen,
      headers: maskedHeaders.map(([name, value]): Header => [name, hiding.value(value)]),
      properties: properties && (hiding.deep(properties) as RawMessage['properties']),
      notes: notes && (hiding.deep(notes) as RawMessage['notes']),
      key: key === undefined ? undefined : hiding.value(key),
      routingKey: routingKey === undefined ? undefined : hiding.text(routingKey),
      producer: producer === undefined || hiding.text(producer) !== producer ? undefined : producer,
    };
    return id === undefined || hiding.text(id) === id ? masked : rename(masked, id);
  }

  /** A name that holds a masked value gives way to one by position, or by what is left of the content. */
  function rename(raw: RawMessage, id: string): RawMessage {
    const nameless = { ...raw, id: undefined };
    renamed.set(id, nameEvent(nameless));
    if (renamed.size > renamedKept) renamed.delete(renamed.keys().next().value ?? '');
    return nameless;
  }

  function delivery(given: Delivery): Delivery {
    const name = 'event' in given.subject ? renamed.get(given.subject.event) : undefined;
    return name === undefined ? given : { ...given, subject: { event: name } };
  }

  function linkEdit(given: LinkEdit): LinkEdit {
    const { from, to } = given;
    return { ...given, from: renamed.get(from) ?? from, to: renamed.get(to) ?? to };
  }

  return {
    message,
    delivery,
    items: (items) =>
      items.map((item) =>
        item.kind === 'message'
          ? message(item)
          : item.kind === 'delivery'
            ? delivery(item)
            : item.kind === 'link-edit'
              ? linkEdit(item)
              : item,
      ),
  };
}
