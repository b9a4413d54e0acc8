import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the live store is when no --data is given: the place that each platform keeps for it, or $HEADWATER_DATA. */
export function defaultDataDir(env = process.env, platform = process.platform): string {
  if (env['HEADWATER_DATA']) return env['HEADWATER_DATA'];
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Headwater');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Headwater');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'headwater');
}
