import { remembered } from '../base/remembered.ts';
import { maskedText } from '../model/message.ts';

/** Names as people say them: type and service names without namespaces, versions and addresses. */

/**
 * The short form of an event's type: `OrderCreated` for `com.shop.orders.v1.OrderCreated`, for
 * `urn:message:Shop:OrderCreated` and for `Shop.OrderCreated, Shop.Contracts, Version=1.0.0.0`. Dotted lower-case names
 * keep their last two words (`order.created`). Undefined where the text is no name.
 */
export function shortType(text: string): string | undefined {
  if (text.length === 0 || text.length > 256) return undefined;
  return typeOf(text);
}

const typeOf = remembered(computeType);

function computeType(text: string): string | undefined {
  let name = text.trim();
  const generic = /^([^[`]+)(?:`\d+)?\[\[([^\]]+)\]/.exec(name);
  if (generic?.[1] !== undefined && generic[2] !== undefined) {
    const [of, what] = [computeType(generic[1]), computeType(generic[2])];
    return of !== undefined && what !== undefined ? `${of}<${what}>` : of;
  }
  const end = name.search(/[,;]/);
  if (end > 0) name = name.slice(0, end);
  name = name.slice(
    Math.max(name.lastIndexOf(':'), name.lastIndexOf('/'), name.lastIndexOf('+'), name.lastIndexOf('$')) + 1,
  );
  if (!/^[A-Za-z_@][\w.@ -]*$/.test(name)) return undefined;
  const segments = name.split('.').filter((segment) => segment !== '' && !/^[vV]\d+$/.test(segment));
  const last = segments.at(-1);
  if (last === undefined) return undefined;
  const pascal = segments.findLast((segment) => /^[A-Z]/.test(segment));
  return pascal ?? segments.slice(-2).join('.');
}

/**
 * The short form of a producer's name: `payments` for `/services/payments`, `urn:service:payments`,
 * `https://shop.example/payments`, `worker-1` for Celery's `gen815@worker-1` (process at host). Other names without an
 * address stay as they are.
 */
export function shortProducer(text: string): string | undefined {
  const name = text.trim().replace(/^(?:gen\d+|celery)@(?=.)/, '');
  if (name === '' || name.length > 200 || name.includes(maskedText)) return undefined;
  if (!/[:/]/.test(name)) return name;
  const path = name.replace(/^[a-z][a-z0-9+.-]*:(?=\/)/i, '').replace(/[?#].*$/, '');
  const segments = path.split(/[/:]/).filter((segment) => segment !== '');
  return segments.findLast((segment) => !/^v?\d+$/.test(segment)) ?? segments.at(-1);
}
