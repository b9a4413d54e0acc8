import { implement, ORPCError } from '@orpc/server';
import { shellHost } from '../../app/contract/host.ts';
import type { Electron } from './electron-api.ts';

export type ShellRouter = ReturnType<typeof createShellRouter>;

/**
 * Answers what the engine asks of the shell: to seal passwords with the system's key store, and to log. Text passes
 * through here and is neither kept nor logged.
 */
export function createShellRouter(
  { safeStorage }: Pick<Electron, 'safeStorage'>,
  platform: NodeJS.Platform,
  log: (line: string) => void,
) {
  const os = implement(shellHost);

  /** @throws where a key would be one that anybody can compute: sealing with it only looks safe. */
  async function needKeyStore(): Promise<void> {
    const plain = platform === 'linux' && safeStorage.getSelectedStorageBackend?.() === 'basic_text';
    if (!plain && (await safeStorage.isAsyncEncryptionAvailable())) return;
    throw refusal('no key store of the system answers here');
  }

  return os.router({
    seal: os.seal.handler(async ({ input }) => {
      await needKeyStore();
      return { sealed: (await safeStorage.encryptStringAsync(input.text)).toString('base64') };
    }),
    unseal: os.unseal.handler(async ({ input }) => {
      await needKeyStore();
      try {
        const { result } = await safeStorage.decryptStringAsync(Buffer.from(input.sealed, 'base64'));
        return { text: result };
      } catch {
        throw refusal('it was sealed by another user or on another machine');
      }
    }),
    warn: os.warn.handler(({ input }) => log(input.message)),
  });
}

function refusal(message: string) {
  const remedy = 'Passwords are asked for again after a restart.';
  return new ORPCError('FAILED', { message, data: { code: 'no-key-store', message, remedy } });
}
