import type { Framework, World } from '../world.ts';
import type { Outgoing } from '../sent.ts';
import { amqpProperties } from './amqp-properties.ts';
import { cloudevents } from './cloudevents.ts';
import { masstransit } from './masstransit.ts';
import { nservicebus } from './nservicebus.ts';
import { springKafka } from './spring-kafka.ts';
import { w3cTraceContext } from './w3c-tracecontext.ts';

/** Who was bought when: each team kept its framework. */
const habits: Readonly<Record<string, readonly [string, Framework]>> = {
  storefront: ['cloudevents', cloudevents],
  'order-service': ['masstransit', masstransit],
  'inventory-service': ['spring', springKafka],
  'payment-service': ['nservicebus', nservicebus],
  'shipping-service': ['w3c', w3cTraceContext],
  'loyalty-service': ['cloudevents', cloudevents],
  mailer: ['amqp', amqpProperties],
};

const habitOf = (service: string) => habits[service] ?? (['cloudevents', cloudevents] as const);

/** One flow through services of six habits; context ends where the next service has another. */
export const mixedCompany: Framework = {
  wrap(out: Outgoing, world: World) {
    const [habit, framework] = habitOf(out.service);
    const understood = out.handled?.meta['habit'] === habit ? out.handled : undefined;
    const wire = framework.wrap({ ...out, handled: understood }, world);
    out.meta['habit'] = habit;
    return wire;
  },
  failed(failed, world) {
    // Retries are the consumer's: its framework copies what it was handed.
    const [habit, framework] = habitOf(failed.by);
    return failed.sent.meta['habit'] === habit ? framework.failed?.(failed, world) : undefined;
  },
};
