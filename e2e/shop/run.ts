/** `npm run shop`: runs the sample shop against brokers that are named, or ones of its own. */
import { messageOf, progress } from '../brokers/errors.ts';
import { hideTimerWarnings } from '../brokers/quiet.ts';
import { startBrokers, type Brokers } from '../brokers/start.ts';
import { faultTable } from './faults.ts';
import { parseCommandLine, type BrokerUrls, type CommandLine } from './options.ts';
import { runShop, summaryLines } from './shop.ts';

const USAGE = `npm run shop -- [options]
  --rate N            orders a second (20)
  --orders N          how many (100)
  --fault NAME        what goes wrong; more than once for several. NAME:order=17 strikes the 17th order,
                      NAME:fraction=0.2 a fifth of them, NAME:ms=3000 sets a parameter
  --kafka HOST:PORT   brokers to use; all three, or else Headwater starts its own
  --rabbitmq URL
  --redis URL
  --log DIR           where the services' logs go
  --seed N            the same seed gives the same orders and ids
  --prefix P          put before the names of topics, exchanges, queues, streams and groups

Faults:
${faultTable()}
`;

async function main(): Promise<number> {
  let options: CommandLine;
  try {
    options = parseCommandLine(process.argv.slice(2));
  } catch (thrown) {
    progress(`${messageOf(thrown)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const own = await ownBrokers(options.brokers);
  try {
    const run = await runShop({ ...options, brokers: own.urls });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void run.stop());
    progress(`The shop is open: ${options.orders} orders at ${options.rate} a second, seed ${options.seed}`);
    const summary = await run.done;
    process.stdout.write(`${summaryLines(summary, options, run)}\n`);
    return summary.incomplete.length > 0 && (options.faults ?? []).length === 0 ? 1 : 0;
  } finally {
    await own.brokers?.dispose();
  }
}

/** The brokers named on the command line; those that were not named are started. */
async function ownBrokers(named: Partial<BrokerUrls>): Promise<{ urls: BrokerUrls; brokers?: Brokers }> {
  const { kafka, rabbitmq, redis } = named;
  if (kafka && rabbitmq && redis) return { urls: { kafka, rabbitmq, redis } };
  if (kafka || rabbitmq || redis) {
    throw new Error(
      'Name all three brokers with --kafka, --rabbitmq and --redis, or none to have them started.',
    );
  }
  const brokers = await startBrokers();
  if (!brokers.kafka || !brokers.rabbitmq || !brokers.redis) {
    await brokers.dispose();
    throw new Error(brokers.unavailable.map(({ name, reason }) => `${name}: ${reason}`).join('\n'));
  }
  const urls = {
    kafka: brokers.kafka.bootstrap,
    rabbitmq: brokers.rabbitmq.amqpUrl,
    redis: brokers.redis.url,
  };
  progress(`Connect Headwater to: kafka://${urls.kafka} ${urls.rabbitmq} ${urls.redis}`);
  return { urls, brokers };
}

hideTimerWarnings();
main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    progress(messageOf(thrown));
    process.exit(3);
  },
);
