/**
 * What the page and the desktop shell around it say to each other. The page finds the bridge as `window.headwater`;
 * served to a browser it finds none, and does without.
 */

/** The address under which the shell serves the page to its window. */
export const pageOrigin = 'headwater://app';

/** What a menu may ask of the page. */
export const pageCommands = [
  'new-connection',
  'save-capture',
  'find',
  'palette',
  'toggle-theme',
  'toggle-inspector',
  'show-keys',
  'show-traces',
] as const;
export type PageCommand = (typeof pageCommands)[number];

/** How the engine fares, as the shell sees it. `restarting`: it ended or could not start, and is tried again. */
export interface EngineState {
  readonly phase: 'starting' | 'running' | 'restarting';
  /** Why it is not running, in sentences for the user. */
  readonly message?: string;
}

/** A file that was handed to the engine: the id of its connection, or what stood against it. */
export type OpenedFile =
  | { readonly id: string }
  | { readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } };

export const themes = ['system', 'light', 'dark'] as const;
export type PageTheme = (typeof themes)[number];

/** The shell's face to the page. Nothing else of the shell, of Electron or of Node can be reached from there. */
export interface DesktopBridge {
  /**
   * Asks for a port to the engine, which comes as a message of this window (`portMessage`) as soon as the engine runs.
   * One that was handed out before goes on until the engine ends.
   */
  requestPort(): void;
  /** Hands a file that the user chose or dropped to the engine, by its path and without copying it. */
  openFile(file: File): Promise<OpenedFile>;
  /** Lets menus, dialogs and the frame follow the page's theme. */
  showTheme(theme: PageTheme): void;
  /** Called with the engine's state, first with the present one. Returns the way to stop. */
  onEngine(listener: (state: EngineState) => void): () => void;
  /** Says which commands this page follows, so that menus hold those and no others, and follows them. */
  followCommands(offered: readonly PageCommand[], listener: (command: PageCommand) => void): () => void;
}

/** The `data` of the window's message that carries the port. */
export const portMessage = 'headwater:port';

/** What the shell prints once its window shows the page; whoever started it waits for that. */
export const shellIsOpen = 'Headwater is open in a window of its own.';

/** Names of the messages between preload and main; the page never sees them. */
export const channels = {
  requestPort: 'headwater:request-port',
  port: 'headwater:port',
  openPath: 'headwater:open-path',
  theme: 'headwater:theme',
  engine: 'headwater:engine',
  command: 'headwater:command',
  commands: 'headwater:commands',
} as const;
