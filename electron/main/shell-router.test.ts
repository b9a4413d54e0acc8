import { createRouterClient } from '@orpc/server';
import { afterEach, describe, expect, it } from 'vitest';
import { createShellRouter } from './shell-router.ts';
import { electronDouble, removeDoubles } from './test-support/electron-double.ts';

afterEach(removeDoubles);

function shell(change: object = {}, platform: NodeJS.Platform = 'linux') {
  const log: string[] = [];
  const { electron } = electronDouble();
  const safeStorage = { ...electron.safeStorage, ...change };
  return {
    client: createRouterClient(createShellRouter({ safeStorage }, platform, (line) => log.push(line))),
    log,
  };
}

describe('passwords and the shell', () => {
  it('are sealed and unsealed, and never logged', async () => {
    const { client, log } = shell();
    const { sealed } = await client.seal({ text: 'hunter2 ü' });
    expect(sealed).not.toContain('hunter2');
    expect(Buffer.from(sealed, 'base64').toString()).not.toContain('hunter2');
    expect(await client.unseal({ sealed })).toEqual({ text: 'hunter2 ü' });
    expect(log).toEqual([]);
  });

  it.each([
    ['the system has no key store', { isAsyncEncryptionAvailable: () => Promise.resolve(false) }],
    ['the key is one that anybody can compute', { getSelectedStorageBackend: () => 'basic_text' }],
  ])('are refused where %s', async (_why, change) => {
    const { client } = shell(change);
    await expect(client.seal({ text: 'x' })).rejects.toThrow(/no key store/);
    await expect(client.unseal({ sealed: 'eA==' })).rejects.toThrow(/no key store/);
  });

  it('do not ask for the backend where there is but one', async () => {
    const { client } = shell({ getSelectedStorageBackend: undefined }, 'darwin');
    expect(await client.seal({ text: 'x' })).toHaveProperty('sealed');
  });

  it('that come from elsewhere are said to, without a word of what they hold', async () => {
    const { client } = shell({ decryptStringAsync: () => Promise.reject(new Error('bad block of hunter2')) });
    await expect(client.unseal({ sealed: 'eA==' })).rejects.toThrow('sealed by another user');
  });
});
