import { demoConnector } from '../connectors/demo/index.ts';
import { kafkaConnector } from '../connectors/kafka/index.ts';
import { rabbitmqConnector } from '../connectors/rabbitmq/index.ts';
import { redisConnector } from '../connectors/redis/index.ts';
import type { Connector } from '../model/source.ts';

/** Every connector there is: the one place that names them. */
export const connectors: readonly Connector[] = [
  kafkaConnector,
  rabbitmqConnector,
  redisConnector,
  demoConnector,
];
