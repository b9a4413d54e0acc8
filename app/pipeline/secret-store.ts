/** Where a password is: in the system's key store, or in memory until the process ends. */
export type SecretPlace = 'key-store' | 'memory';

/** Keeps the passwords of connections beyond the process, where the machine has a place for them. */
export interface SecretStore {
  /** Undefined where it keeps none for this connection. Rejects when it cannot be asked. */
  get(connection: string): Promise<string | undefined>;
  /** Rejects with a sentence when it cannot keep it; then memory has to do. */
  set(connection: string, secret: string): Promise<void>;
  remove(connection: string): Promise<void>;
}

/** Passwords of connections while the engine runs, and what the key store made of them. */
export interface Secrets {
  get(connection: string): string | undefined;
  /** Undefined where there is none. */
  placeOf(connection: string): SecretPlace | undefined;
  put(connection: string, secret: string): Promise<void>;
  remove(connection: string): Promise<void>;
}

/**
 * Brings back what the store keeps for these connections. A store that fails is told of once, and its connections ask
 * for their passwords again.
 */
export async function openSecrets(
  store: SecretStore | undefined,
  connections: readonly string[],
  onProblem: (message: string) => void,
): Promise<Secrets> {
  const held = new Map<string, { readonly secret: string; readonly place: SecretPlace }>();
  let told = false;
  const tell = (what: string, error: unknown) => {
    if (told) return;
    told = true;
    onProblem(`${what} (${error instanceof Error ? error.message : String(error)}).`);
  };

  if (store) {
    for (const connection of connections) {
      try {
        const secret = await store.get(connection);
        if (secret !== undefined) held.set(connection, { secret, place: 'key-store' });
      } catch (error) {
        tell('Passwords could not be read from the key store, so connections ask for them again', error);
      }
    }
  }

  return {
    get: (connection) => held.get(connection)?.secret,
    placeOf: (connection) => held.get(connection)?.place,
    async put(connection, secret) {
      held.set(connection, { secret, place: 'memory' });
      try {
        await store?.set(connection, secret);
        if (store) held.set(connection, { secret, place: 'key-store' });
      } catch (error) {
        tell('Passwords are held in memory only and are gone when Headwater ends', error);
      }
    },
    async remove(connection) {
      held.delete(connection);
      // One that cannot be removed belongs to no connection any more and is never asked for.
      await store?.remove(connection).catch(() => undefined);
    },
  };
}
