import amqp, { type ChannelModel } from 'amqplib';
import { withTimeout } from '../../base/timeout.ts';
import { connectError, connectTimeoutMs } from './errors.ts';
import type { Management } from './management.ts';
import type { RabbitmqSettings } from './options.ts';

/** The name under which operators see Headwater's connection. */
const connectionName = 'headwater';

/**
 * Connects and authenticates within six seconds.
 * @throws ConnectionError
 */
export async function openAmqp(
  s: RabbitmqSettings,
  management: Management | undefined,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const connecting = amqp.connect(
    {
      protocol: s.tls ? 'amqps' : 'amqp',
      hostname: s.host,
      port: s.port,
      username: s.user,
      password: s.password,
      // amqplib unescapes it.
      vhost: encodeURIComponent(s.vhost),
      heartbeat: s.heartbeat,
    },
    { timeout: connectTimeoutMs, ca: s.ca, clientProperties: { connection_name: connectionName } },
  );
  const timedOut = () => Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' });
  try {
    const connection = await withTimeout(connecting, connectTimeoutMs - 1000, timedOut, signal);
    // Whoever reads hears of its end by 'close'; an 'error' without a listener would end the process.
    connection.on('error', () => {});
    return connection;
  } catch (error) {
    // It may still succeed after the time was up.
    connecting
      .then(
        (late) => late.close(),
        () => {},
      )
      .catch(() => {});
    if (signal.aborted) throw error;
    throw await connectError(error, s, management);
  }
}
