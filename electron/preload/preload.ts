import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { channels, portMessage } from '../../app/contract/desktop.ts';
import type { DesktopBridge, EngineState, OpenedFile, PageCommand } from '../../app/contract/desktop.ts';

/** Runs before the page, sandboxed: it can send messages to the main process, and lets the page send these few. */
function follow(channel: string, listener: (value: unknown) => void): () => void {
  const heard = (_event: IpcRendererEvent, value: unknown): void => listener(value);
  ipcRenderer.on(channel, heard);
  return () => ipcRenderer.off(channel, heard);
}

const bridge: DesktopBridge = {
  requestPort: () => ipcRenderer.send(channels.requestPort),
  async openFile(file) {
    // Empty for a file that a script made; only files of the user have a path.
    const path = webUtils.getPathForFile(file);
    if (path !== '') return (await ipcRenderer.invoke(channels.openPath, path)) as OpenedFile;
    const message = `${file.name} is not a file of this machine.`;
    return { problem: { code: 'no-file', message, remedy: 'Save it to a folder, then open it.' } };
  },
  showTheme: (theme) => ipcRenderer.send(channels.theme, theme),
  onEngine(listener) {
    const stop = follow(channels.engine, (state) => listener(state as EngineState));
    ipcRenderer.send(channels.engine);
    return stop;
  },
  followCommands(offered, listener) {
    ipcRenderer.send(channels.commands, offered);
    return follow(channels.command, (command) => listener(command as PageCommand));
  },
};

contextBridge.exposeInMainWorld('headwater', bridge);

// A port cannot cross the bridge; it goes to the page as a message of its own window.
ipcRenderer.on(channels.port, ({ ports }) => window.postMessage(portMessage, location.origin, [...ports]));
