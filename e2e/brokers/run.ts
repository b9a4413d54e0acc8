/** `npm run brokers`: runs Kafka, RabbitMQ and Redis on loopback until Ctrl-C, and prints where they are. */
import { messageOf, progress } from './errors.ts';
import { brokersInfo } from './info.ts';
import { hideTimerWarnings } from './quiet.ts';
import { startBrokers } from './start.ts';

async function main(): Promise<void> {
  const security = process.argv.includes('--security') ? { security: true } : {};
  const brokers = await startBrokers({ kafka: security, rabbitmq: security, redis: security });
  const info = brokersInfo(brokers);
  const urls = [info.kafka?.url, info.rabbitmq?.url, info.redis?.url].filter((url) => url !== undefined);
  process.stdout.write(`${urls.join('\n')}\n`);
  for (const { name, reason } of brokers.unavailable) progress(`${name} is not there: ${reason}`);
  if (security.security) {
    progress(
      JSON.stringify(
        { kafka: brokers.kafka?.security, rabbitmq: brokers.rabbitmq?.tls, redis: brokers.redis?.tls },
        null,
        2,
      ),
    );
  }
  progress('Ctrl-C ends them and removes their data.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    // Children are unref'd, so that a test process may end: here something must keep this one.
    setInterval(() => {}, 60_000);
  });
  progress('Ending the brokers…');
  await brokers.dispose();
}

hideTimerWarnings();
main().then(
  () => process.exit(0),
  (thrown: unknown) => {
    progress(messageOf(thrown));
    process.exit(1);
  },
);
