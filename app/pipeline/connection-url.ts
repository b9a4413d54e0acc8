import { readFile } from 'node:fs/promises';
import { ConnectionError } from '../model/source.ts';

const authority = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;

/** Takes the password out of a connection URL, so that what is stored, shown and logged never holds it. */
export function splitSecret(url: string): { readonly url: string; readonly secret?: string } {
  const match = authority.exec(url);
  const [whole = '', protocol = '', credentials = ''] = match ?? [];
  const colon = credentials.indexOf(':');
  if (!match || colon < 0) return { url };
  const rest = url.slice(whole.length);
  const user = credentials.slice(0, colon);
  const secret = decodeURIComponentOr(credentials.slice(colon + 1));
  return {
    url: `${protocol}${user === '' ? '' : `${user}@`}${rest}`,
    secret: secret === '' ? undefined : secret,
  };
}

/** Whether the URL names a user whose password has to come from somewhere. */
export function wantsSecret(url: string): boolean {
  return (
    authority.test(url) &&
    queryOf(url).get('passwordEnv') === null &&
    queryOf(url).get('passwordFile') === null
  );
}

/** The protocol without its colon, lower case: `kafka+ssl`. Empty where there is none. */
export function protocolOf(url: string): string {
  return (/^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1] ?? '').toLowerCase();
}

/** The query part; connection URLs may list several hosts, which the standard URL parser refuses. */
export function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

/** `host:port` of the first host, for a default name. */
export function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#,]*)/i.exec(url)?.[1] ?? '';
}

/** Which broker, and which part of it (virtual host, database): the URL without its user and options. */
export function brokerOf(url: string): string {
  const [, path = ''] = /^[^:]*:\/\/[^/?#]*\/?([^?#]*)/.exec(url) ?? [];
  return `${protocolOf(url)}://${hostOf(url).toLowerCase()}/${decodeURIComponentOr(path).replace(/^\/$/, '')}`;
}

/**
 * The password from where the URL says it is: `?passwordEnv=NAME` or `?passwordFile=PATH`.
 * @throws ConnectionError that names the variable or the file, never its content.
 */
export async function secretFromEnvironment(url: string): Promise<string | undefined> {
  const query = queryOf(url);
  const variable = query.get('passwordEnv');
  if (variable !== null) {
    const value = process.env[variable];
    if (value === undefined) {
      throw new ConnectionError(
        'invalid-options',
        `The environment variable ${variable}, named by passwordEnv, is not set.`,
        `Set ${variable} before starting Headwater, or give the password itself.`,
      );
    }
    return value;
  }
  const path = query.get('passwordFile');
  if (path === null) return undefined;
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new ConnectionError(
      'invalid-options',
      `The password file ${path} could not be read.`,
      'Check the path and that your user may read it.',
      { cause },
    );
  }
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
