import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { portMessage } from '../../app/contract/desktop.ts';
import type { EngineState } from '../../app/contract/desktop.ts';
import { openLink } from './link.ts';
import type { EngineLink, LinkPhase } from './link.ts';
import { messagePortDial } from './message-port.ts';

/** The shell, as the preload shows it: ports come as messages of the window. */
describe('the link over a message port', () => {
  let link: EngineLink;
  let asked = 0;
  let far: MessagePort[];
  let tell: Set<(state: EngineState) => void>;
  let phases: LinkPhase[];

  beforeEach(() => {
    vi.stubGlobal('window', new EventTarget());
    asked = 0;
    far = [];
    tell = new Set();
    phases = [];
    link = openLink(
      messagePortDial({
        requestPort: () => asked++,
        onEngine(listener) {
          tell.add(listener);
          return () => tell.delete(listener);
        },
      }),
    );
    link.onPhase((phase) => phases.push(phase));
  });
  afterEach(() => {
    link.close();
    for (const port of far) port.close();
    vi.unstubAllGlobals();
  });

  function message(data: unknown, ports: MessagePort[], source: unknown = window): void {
    const event = new Event('message');
    window.dispatchEvent(Object.assign(event, { data, ports, source }));
  }
  function handOver(): void {
    const { port1, port2 } = new MessageChannel();
    far.push(port1);
    message(portMessage, [port2]);
  }
  const secondAsking = () => vi.waitFor(() => expect(asked).toBe(2), { timeout: 5000 });

  test('opens with the port that it asked for, and takes none from anybody else', () => {
    expect([asked, link.phase()]).toEqual([1, 'connecting']);
    const { port1, port2 } = new MessageChannel();
    far.push(port1, port2);
    message('something else', [port2]);
    message(portMessage, [port2], {});
    message(portMessage, []);
    expect(link.phase()).toBe('connecting');
    handOver();
    expect(link.phase()).toBe('open');
  });

  test('sends calls that waited for it, and rejects those under way when the engine ends', async () => {
    const call = link.client.info();
    const sent = new Promise((resolve) => {
      handOver();
      far[0]?.addEventListener('message', ({ data }) => resolve(data), { once: true });
      far[0]?.start();
    });
    expect(String(await sent)).toContain('/info');
    for (const listener of tell) listener({ phase: 'restarting', message: 'It ended.' });
    await expect(call).rejects.toThrow(/abort|clos/i);
    expect(phases).toEqual(['open', 'lost']);
    await secondAsking();
    handOver();
    expect(phases).toEqual(['open', 'lost', 'open']);
  });

  test('asks for another port when the one it has is closed at the other end', async () => {
    handOver();
    far[0]?.close();
    await secondAsking();
    expect(link.phase()).toBe('lost');
  });

  test('drops a port that answers no more when told, and waits with patience while the engine starts', async () => {
    for (const listener of tell) listener({ phase: 'starting' });
    expect(asked).toBe(1);
    handOver();
    link.reset();
    expect(link.phase()).toBe('lost');
    await secondAsking();
    expect(tell.size).toBe(1);
  });
});
