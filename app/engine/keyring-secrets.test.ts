import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyringSecrets } from './keyring-secrets.ts';

const { kept, machine } = vi.hoisted(() => ({
  kept: new Map<string, string>(),
  machine: { hasKeyStore: true, locked: false },
}));

/** The system's key store, played: the tests must not write into the one of whoever runs them. */
vi.mock('@napi-rs/keyring', () => ({
  AsyncEntry: class {
    readonly #name: string;
    constructor(service: string, account: string, options: { linux: { store: string } }) {
      if (!machine.hasKeyStore) throw new Error('DBus error');
      this.#name = `${service}/${account} in ${options.linux.store}`;
    }
    #open(): Promise<void> {
      return machine.locked ? Promise.reject(new Error('it is locked')) : Promise.resolve();
    }
    getPassword = () => this.#open().then(() => kept.get(this.#name) ?? null);
    setPassword = (secret: string) => this.#open().then(() => void kept.set(this.#name, secret));
    deleteCredential = () => this.#open().then(() => kept.delete(this.#name));
  },
}));

describe('passwords in the system’s key store', () => {
  beforeEach(() => {
    kept.clear();
    Object.assign(machine, { hasKeyStore: true, locked: false });
  });

  it('are there again after a restart, under Headwater’s name', async () => {
    await keyringSecrets().set('c1', 'hunter2');
    expect(await keyringSecrets().get('c1')).toBe('hunter2');
    expect([...kept.keys()]).toEqual(['Headwater/connection c1 in secret-service']);
    await keyringSecrets().remove('c1');
    expect(await keyringSecrets().get('c1')).toBeUndefined();
  });

  it('are not expected where there is no key store, and refused with a sentence', async () => {
    machine.hasKeyStore = false;
    expect(await keyringSecrets().get('c1')).toBeUndefined();
    await expect(keyringSecrets().set('c1', 'hunter2')).rejects.toThrow('no key store of the system answers');
  });

  it('tell a key store that is locked from one that holds nothing', async () => {
    machine.locked = true;
    await expect(keyringSecrets().get('c1')).rejects.toThrow('it is locked');
  });
});
