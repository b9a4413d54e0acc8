import { describe, expect, it } from 'vitest';
import { openSecrets, type SecretStore } from './secret-store.ts';

function memoryStore(kept = new Map<string, string>()): SecretStore {
  return {
    get: (connection) => Promise.resolve(kept.get(connection)),
    set: async (connection, secret) => void kept.set(connection, secret),
    remove: async (connection) => void kept.delete(connection),
  };
}
const failing: SecretStore = {
  get: () => Promise.reject(new Error('locked')),
  set: () => Promise.reject(new Error('no key store')),
  remove: () => Promise.reject(new Error('locked')),
};

describe('passwords of connections', () => {
  it('come back from the key store', async () => {
    const kept = new Map([['a', 'one']]);
    const secrets = await openSecrets(memoryStore(kept), ['a', 'b'], expect.fail);
    expect([secrets.get('a'), secrets.placeOf('a'), secrets.get('b'), secrets.placeOf('b')]).toEqual([
      'one',
      'key-store',
      undefined,
      undefined,
    ]);
    await secrets.put('b', 'two');
    await secrets.remove('a');
    expect([...kept]).toEqual([['b', 'two']]);
  });

  it('are held in memory where nothing keeps them', async () => {
    const secrets = await openSecrets(undefined, ['a'], expect.fail);
    await secrets.put('a', 'one');
    expect([secrets.get('a'), secrets.placeOf('a')]).toEqual(['one', 'memory']);
  });

  it('are usable while the key store fails, which is told once and without them', async () => {
    const told: string[] = [];
    const secrets = await openSecrets(failing, [], (message) => told.push(message));
    await secrets.put('a', 'hunter1');
    await secrets.put('b', 'hunter2');
    await secrets.remove('b');
    expect([secrets.get('a'), secrets.placeOf('a'), secrets.get('b')]).toEqual([
      'hunter1',
      'memory',
      undefined,
    ]);
    expect(told).toEqual([expect.stringContaining('held in memory only')]);
    expect(told.join()).not.toMatch(/hunter/);
  });

  it('are asked for again when the key store cannot be read', async () => {
    const told: string[] = [];
    const secrets = await openSecrets(failing, ['a', 'b'], (message) => told.push(message));
    expect(secrets.placeOf('a')).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('ask for them again (locked)')]);
  });
});
