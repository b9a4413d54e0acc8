import { z } from 'zod';
import {
  channels,
  pageCommands,
  themes,
  type EngineState,
  type PageCommand,
} from '../../app/contract/desktop.ts';
import type { Contents, Electron, IpcEvent } from './electron-api.ts';
import type { EngineProcess } from './engine-process.ts';
import { isOurs } from './guards.ts';

export interface BridgeOptions {
  readonly electron: Pick<Electron, 'ipcMain' | 'nativeTheme'>;
  readonly engine: EngineProcess;
  /** The page of the window, while there is one. */
  readonly page: () => Contents | undefined;
  readonly openFile: EngineProcess['openFile'];
  readonly onCommands: (offered: readonly PageCommand[]) => void;
}

/** The main process's side of what the page may ask: each message is checked for who sent it and what it holds. */
export interface Bridge {
  command(command: PageCommand): void;
  /** The same, for a page that may only come to be: it is told once it follows. */
  commandSoon(command: PageCommand): void;
  showEngine(state: EngineState): void;
}

export function createBridge({ electron, engine, page, openFile, onCommands }: BridgeOptions): Bridge {
  const { ipcMain, nativeTheme } = electron;

  /** Only the window's own page, itself and no frame in it, is listened to. */
  const fromPage = ({ sender, senderFrame }: IpcEvent): boolean =>
    sender.id === page()?.id && senderFrame?.parent === null && isOurs(senderFrame.url);

  /** The page that follows commands: one that was only opened would not hear them. */
  let following: number | undefined;
  const early: PageCommand[] = [];
  let handingOver = false;
  ipcMain.on(channels.requestPort, (event) => {
    // A page that was reloaded while the engine starts gets the port that its predecessor asked for.
    if (!fromPage(event) || handingOver) return;
    handingOver = true;
    void engine.connectPage().then((port) => {
      handingOver = false;
      const contents = page();
      if (contents && !contents.isDestroyed()) contents.postMessage(channels.port, null, [port]);
      else port.close();
    });
  });
  ipcMain.on(channels.engine, (event) => {
    if (fromPage(event)) page()?.send(channels.engine, engine.state());
  });
  ipcMain.on(channels.theme, (event, theme) => {
    const { success, data } = z.enum(themes).safeParse(theme);
    if (fromPage(event) && success) nativeTheme.themeSource = data;
  });
  ipcMain.on(channels.commands, (event, offered) => {
    const { success, data } = z.array(z.enum(pageCommands)).safeParse(offered);
    if (!fromPage(event) || !success) return;
    following = event.sender.id;
    onCommands(data);
    for (const command of early.splice(0)) page()?.send(channels.command, command);
  });
  ipcMain.handle(channels.openPath, (event, path) => {
    if (!fromPage(event)) throw new Error('Only the page of the window may open files.');
    return openFile(z.string().min(1).parse(path));
  });

  return {
    command: (command) => page()?.send(channels.command, command),
    commandSoon(command) {
      const contents = page();
      if (contents && contents.id === following) contents.send(channels.command, command);
      else if (!early.includes(command)) early.push(command);
    },
    showEngine: (state) => page()?.send(channels.engine, state),
  };
}
