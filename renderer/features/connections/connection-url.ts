/** Connection URLs as text: taken apart just enough to keep passwords out of sight. Hosts may be lists, so URL is no help. */

const secretOption = /^(?:password|passwd|pwd|secret|token)$/i;

/** Takes the password out of a URL, from its user part or its query. */
export function splitSecret(url: string): { readonly url: string; readonly secret?: string } {
  const { scheme, authority, path, query } = partsOf(url);
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(0, at));
  const colon = user.indexOf(':');
  const options = query.split('&');
  const hidden = options.find(
    (option) => secretOption.test(option.split('=')[0] ?? '') && option.includes('='),
  );
  if (at >= 0 && colon >= 0) {
    const name = user.slice(0, colon);
    const rest = `${name === '' ? '' : `${name}@`}${authority.slice(at + 1)}`;
    return { url: joined({ scheme, authority: rest, path, query }), secret: decoded(user.slice(colon + 1)) };
  }
  if (hidden !== undefined) {
    const left = options.filter((option) => option !== hidden).join('&');
    return {
      url: joined({ scheme, authority, path, query: left }),
      secret: decoded(hidden.slice(hidden.indexOf('=') + 1)),
    };
  }
  return { url };
}

/** Puts the password back, for the one time that it is sent to the engine. */
export function joinSecret(url: string, secret: string): string {
  if (secret === '') return url;
  const { scheme, authority, path, query } = partsOf(url);
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(0, at));
  return joined({
    scheme,
    authority: `${user}:${encodeURIComponent(secret.toWellFormed())}@${authority.slice(at + 1)}`,
    path,
    query,
  });
}

/** What a connection is called until the user says otherwise: "Kafka broker-1.prod". */
export function nameFor(url: string, title: string | undefined): string {
  const { authority } = partsOf(url);
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .split(',')[0]
    ?.replace(/:\d*$/, '');
  return [title, host].filter((part) => part !== undefined && part !== '').join(' ');
}

/** The protocol: `kafka+ssl` of `kafka+ssl://…`. */
export function protocolOf(url: string): string {
  return partsOf(url).scheme.toLowerCase();
}

/** The value of an option of the query; undefined where it is not given. */
export function optionOf(url: string, name: string): string | undefined {
  return new URLSearchParams(partsOf(url).query).get(name) ?? undefined;
}

/** The URL with an option set, or taken out where the value is empty. Others stay as they are written. */
export function withOption(url: string, name: string, value: string): string {
  const parts = partsOf(url);
  const encoded = encodeURIComponent(name);
  const others = parts.query
    .split('&')
    .filter((option) => option !== '' && decoded(option.split('=')[0] ?? '') !== name);
  const query = value === '' ? others : [...others, `${encoded}=${encodeURIComponent(value.toWellFormed())}`];
  return joined({ ...parts, query: query.join('&') });
}

interface Parts {
  readonly scheme: string;
  /** User and hosts. */
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

function partsOf(url: string): Parts {
  const [, scheme = '', rest = ''] = /^([^:/?#]*):\/\/(.*)$/s.exec(url) ?? [undefined, '', url];
  const mark = rest.indexOf('?');
  const before = mark < 0 ? rest : rest.slice(0, mark);
  // A password may hold slashes that nobody encoded: the path begins after the last @.
  const slash = before.indexOf('/', before.lastIndexOf('@') + 1);
  return {
    scheme,
    authority: slash < 0 ? before : before.slice(0, slash),
    path: slash < 0 ? '' : before.slice(slash),
    query: mark < 0 ? '' : rest.slice(mark + 1),
  };
}

function joined({ scheme, authority, path, query }: Parts): string {
  return `${scheme === '' ? '' : `${scheme}://`}${authority}${path}${query === '' ? '' : `?${query}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
