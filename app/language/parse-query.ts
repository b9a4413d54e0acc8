import { parseMoment } from './moment.ts';
import type { Moment, Query, QueryKey, QueryStatus } from './query.ts';
import { splitTerms } from './terms.ts';
import type { Term } from './terms.ts';

export interface ParsedQuery {
  readonly query: Query;
  /** What was not understood and what was made of it, in plain words for the user. */
  readonly notes: readonly string[];
  /** A field has a value that means nothing, so that what is found is not what was asked for. */
  readonly mistaken?: true;
}

const systems = ['kafka', 'rabbitmq', 'redis', 'aws'];

const statuses: ReadonlyMap<string, QueryStatus> = new Map([
  ['failed', 'failed'],
  ['active', 'active'],
  ['quiet', 'quiet'],
  ['complete', 'quiet'],
  ['stuck', 'stuck'],
]);

class Builder {
  readonly keys: QueryKey[] = [];
  readonly notes: string[] = [];
  readonly lists = { system: new Set<string>(), channel: new Set<string>(), type: new Set<string>() };
  status?: QueryStatus;
  mistaken?: true;
  readonly moments: { after?: Moment; before?: Moment } = {};

  add(term: Term): void {
    if (term.unclosed) this.notes.push(`A quote in ${term.source} is not closed: read to the end.`);
    if (term.separator === ':' && term.value !== '' && this.field(term)) return;
    if (term.separator === '=' && term.name !== '') {
      if (term.value === '') this.mistake(`${term.source} has no value: ignored.`);
      else this.keys.push({ name: term.name, value: term.value });
    } else if (term.separator === ':' && term.value === '' && isField(term.name)) {
      this.mistake(`${term.source} has no value: ignored.`);
    } else if (term.text !== '') {
      this.keys.push({ value: term.text });
    }
  }

  /** Reads `field:value`; false where there is no such field, so that `urn:order:7` is searched as it stands. */
  private field({ name, value, text, source }: Term): boolean {
    switch (name.toLowerCase()) {
      case 'status':
        this.setStatus(value.toLowerCase());
        return true;
      case 'system':
        if (!systems.includes(value.toLowerCase()))
          this.mistake(`No system is called ${value}; there are ${systems.join(', ')}.`);
        this.lists.system.add(value.toLowerCase());
        return true;
      case 'channel':
        this.lists.channel.add(value);
        return true;
      case 'type':
        this.lists.type.add(value);
        return true;
      case 'after':
      case 'before':
        this.setMoment(name.toLowerCase() as 'after' | 'before', value, source);
        return true;
      default:
        this.notes.push(`${name} is not a field; searched for the value ${text}. Fields: ${fieldList}.`);
        return false;
    }
  }

  private mistake(note: string): void {
    this.notes.push(note);
    this.mistaken = true;
  }

  private setStatus(value: string): void {
    const status = statuses.get(value);
    if (!status) {
      this.mistake(`No status is called ${value}: ignored. There are ${[...statuses.keys()].join(', ')}.`);
      return;
    }
    if (this.status && this.status !== status) this.notes.push(`status is given twice: ${status} counts.`);
    this.status = status;
  }

  private setMoment(field: 'after' | 'before', value: string, source: string): void {
    const moment = parseMoment(value);
    if (!moment) {
      this.mistake(`${source} is not a time: ignored. Write 15m, 2h or 2026-03-01T10:00Z.`);
      return;
    }
    if (this.moments[field]) this.notes.push(`${field} is given twice: ${value} counts.`);
    this.moments[field] = moment;
  }
}

const fields = ['status', 'system', 'channel', 'type', 'after', 'before'];
const fieldList = fields.join(', ');
const isField = (name: string): boolean => fields.includes(name.toLowerCase());

/** Reads a search. Never fails: what is not understood is told in `notes`, and the rest counts. */
export function parseQuery(text: string): ParsedQuery {
  const builder = new Builder();
  for (const term of splitTerms(text)) builder.add(term);
  const { keys, notes, lists, status, moments, mistaken } = builder;
  const query: Query = {
    keys,
    ...(status && { status }),
    systems: [...lists.system],
    channels: [...lists.channel],
    types: [...lists.type],
    ...moments,
  };
  return { query, notes, ...(mistaken && { mistaken }) };
}
