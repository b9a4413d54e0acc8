import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { eventKey, type Identity } from './identity.ts';

/** What an event is about, as its service knows it, whether or not the message says so. */
export interface Subject {
  readonly type: string;
  readonly orderId?: string;
  readonly orderIds?: readonly string[];
  readonly accountId?: string;
}

/** One line of a service's log. */
export interface LogEntry extends Identity, Subject {
  readonly at: string;
  readonly service: string;
  readonly action: 'sent' | 'handled' | 'fault';
  /** Of what was handled: the group or queue that it came by. */
  readonly consumer?: string;
  /** Of what was sent: the events that made it happen. */
  readonly causedBy?: readonly Identity[];
  /** The fault that struck here on purpose. */
  readonly fault?: string;
  readonly eventKey: string;
}

/** A service's record of what it did, in `<service>.ndjson`. */
export interface ServiceLog {
  sent(identity: Identity, subject: Subject, causedBy?: readonly Identity[]): void;
  handled(identity: Identity, subject: Subject, consumer: string): void;
  fault(fault: string, identity: Identity, subject: Subject): void;
}

/** Opens a service's log. Each line is written at once, so that a kill loses none. */
export function openLog(service: string, dir: string, onEntry: () => void): ServiceLog {
  mkdirSync(dir, { recursive: true });
  const file = openSync(join(dir, `${service}.ndjson`), 'a');
  const write = (
    identity: Identity,
    rest: Omit<LogEntry, keyof Identity | 'at' | 'service' | 'eventKey'>,
  ): void => {
    const entry: LogEntry = {
      at: new Date().toISOString(),
      service,
      ...rest,
      ...identity,
      eventKey: eventKey(identity),
    };
    writeSync(file, `${JSON.stringify(entry)}\n`);
    onEntry();
  };
  return {
    sent: (identity, subject, causedBy = []) => write(identity, { action: 'sent', ...subject, causedBy }),
    handled: (identity, subject, consumer) => write(identity, { action: 'handled', ...subject, consumer }),
    fault: (fault, identity, subject) => write(identity, { action: 'fault', fault, ...subject }),
  };
}
