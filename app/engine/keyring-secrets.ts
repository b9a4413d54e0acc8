import type { AsyncEntry } from '@napi-rs/keyring';
import type { SecretStore } from '../pipeline/secret-store.ts';

const service = 'Headwater';
/** A key store that is locked may ask on a screen that nobody looks at. */
const patienceMs = 10_000;

/**
 * The system's key store: Keychain, Credential Manager, or Secret Service (never the kernel's keyring, which forgets
 * when the machine restarts). Where there is none, `get` finds nothing and `set` says so.
 */
export function keyringSecrets(): SecretStore {
  /** Fails where this machine has no key store, or no build of the package. */
  async function entry(connection: string): Promise<AsyncEntry> {
    try {
      const keyring = await import('@napi-rs/keyring');
      return new keyring.AsyncEntry(service, `connection ${connection}`, {
        linux: { store: 'secret-service' },
      });
    } catch (cause) {
      throw new NoKeyStore('no key store of the system answers here', { cause });
    }
  }
  const patience = () => AbortSignal.timeout(patienceMs);
  return {
    async get(connection) {
      try {
        return (await (await entry(connection)).getPassword(patience())) ?? undefined;
      } catch (error) {
        if (error instanceof NoKeyStore) return undefined;
        throw error;
      }
    },
    async set(connection, secret) {
      await (await entry(connection)).setPassword(secret, patience());
    },
    async remove(connection) {
      await (await entry(connection)).deleteCredential(patience());
    },
  };
}

class NoKeyStore extends Error {}
