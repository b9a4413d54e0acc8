import { RPCLink } from '@orpc/client/message-port';
import { portMessage } from '../../app/contract/desktop.ts';
import type { DesktopBridge } from '../../app/contract/desktop.ts';
import type { Dial } from './link.ts';

/**
 * Reaches the engine of the desktop shell. The port comes as soon as the engine runs, which may take a while; a line
 * ends with its port, or when the shell says that the engine has ended.
 */
export function messagePortDial(bridge: Pick<DesktopBridge, 'requestPort' | 'onEngine'>): Dial {
  return ({ opened, ended }) => {
    let port: MessagePort | undefined;
    const arrived = ({ source, data, ports: [given] }: MessageEvent): void => {
      if (source !== window || data !== portMessage || !given || port) return;
      port = given;
      // First: a port that starts may have closed already.
      port.addEventListener('close', hangUp);
      const rpc = new RPCLink({ port });
      port.start();
      opened(rpc);
    };
    const stopFollowing = bridge.onEngine(({ phase }) => {
      if (port && phase !== 'running') hangUp();
    });
    let over = false;
    const hangUp = (): void => {
      if (over) return;
      over = true;
      window.removeEventListener('message', arrived);
      stopFollowing();
      // Closing tells the other end only; calls that are under way wait for this to be rejected.
      port?.dispatchEvent(new Event('close'));
      port?.close();
      ended('lost');
    };
    window.addEventListener('message', arrived);
    bridge.requestPort();
    return { hangUp };
  };
}
