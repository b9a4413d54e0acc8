import { createServer } from 'node:net';
import { PortTakenError } from './errors.ts';

// Linux hands out 32768 and up for outgoing connections. A broker port from that range can be lost while its
// broker is stopped: a client that keeps reconnecting may be given that very port and connect to itself.
const FIRST = 20_000;
const LAST = 32_000;

/** Finds ports on loopback that nothing listens on now; all distinct. */
async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 1000) throw new PortTakenError(`No free port was found between ${FIRST} and ${LAST}.`);
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

/** Whether a listener could be opened on this loopback port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Runs a start-up with fresh ports, and again with others when a race took one of them. */
export async function withPorts<T>(count: number, run: (ports: number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(await freePorts(count));
    } catch (thrown) {
      if (!(thrown instanceof PortTakenError) || attempt === 4) throw thrown;
    }
  }
}
