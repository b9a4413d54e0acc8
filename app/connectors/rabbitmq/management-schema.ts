import { z } from 'zod';

/** The parts of management API answers that Headwater reads. What else they hold is ignored. */

const args = z.record(z.string(), z.unknown()).catch({});

export const whoamiSchema = z.object({
  name: z.string(),
  // Before 3.9, tags were one comma-separated text.
  tags: z
    .union([z.array(z.string()), z.string().transform((t) => t.split(',').map((tag) => tag.trim()))])
    .catch([]),
});

export const vhostSchema = z.object({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  tags: z
    .union([z.array(z.string()), z.string()])
    .optional()
    .catch(undefined),
  default_queue_type: z.string().optional().catch(undefined),
  tracing: z.boolean().catch(false),
});

export const exchangeSchema = z.object({
  name: z.string(),
  type: z.string(),
  internal: z.boolean().catch(false),
  auto_delete: z.boolean().catch(false),
  arguments: args,
  policy: z.string().nullish(),
});

export const queueSchema = z.object({
  name: z.string(),
  type: z.string().catch('classic'),
  exclusive: z.boolean().catch(false),
  arguments: args,
  effective_policy_definition: args.optional(),
  messages_ready: z.number().optional().catch(undefined),
  messages_unacknowledged: z.number().optional().catch(undefined),
  consumers: z.number().optional().catch(undefined),
});

export const bindingSchema = z.object({
  source: z.string(),
  destination: z.string(),
  destination_type: z.string(),
  routing_key: z.string(),
  arguments: args,
});

export const consumerSchema = z.object({
  consumer_tag: z.string(),
  queue: z.object({ name: z.string() }),
  // An empty list where the channel is gone already.
  channel_details: z
    .object({ connection_name: z.string(), number: z.number().optional() })
    .optional()
    .catch(undefined),
});

export const connectionSchema = z.object({
  name: z.string(),
  client_properties: z
    .object({ connection_name: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export const policySchema = z.object({ name: z.string(), definition: args });

export type Vhost = z.infer<typeof vhostSchema>;
export type Exchange = z.infer<typeof exchangeSchema>;
export type Queue = z.infer<typeof queueSchema>;
export type ExchangeBinding = z.infer<typeof bindingSchema>;
export type Consumer = z.infer<typeof consumerSchema>;
export type ClientConnection = z.infer<typeof connectionSchema>;
export type Policy = z.infer<typeof policySchema>;
