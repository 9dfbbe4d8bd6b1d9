import { DeliverPolicy, DiscardPolicy, RetentionPolicy } from '@nats-io/jetstream';
import { baseStream, workConsumer, type ConsumerSettings } from './stream-config.js';

/** Facts of runs for triggers and webhooks (CloudEvents 1.0), kept 7 days. */
export const EVENTS = {
  name: 'EVENTS',
  subjects: ['events.>'],
  /** Of all schedulers together; it is there while a trigger hears events. */
  durable: 'triggers',
  /** Facts that the platform does not make itself. */
  published: (id: string) => `events.published.${id}`,
  /** e.g. `events.instance.succeeded.<id>`. */
  subject: (noun: string, fact: string, id: string) => `events.${noun}.${fact}.${id}`,
} as const;

/** The stream as the server keeps it: facts are kept for a time, the oldest go first. */
export const EVENTS_CONFIG = {
  ...baseStream(EVENTS.name, EVENTS.subjects),
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: 7 * 24 * 3_600 * 1_000_000_000,
  max_bytes: 256 * 1024 * 1024,
};

/** For all schedulers: events from a moment on. */
export const eventsConsumer = (from: Date): ConsumerSettings => ({
  ...workConsumer({ durable: EVENTS.durable, ackWaitMs: 30_000, maxAckPending: 5_000 }),
  deliver_policy: DeliverPolicy.StartTime,
  opt_start_time: from.toISOString(),
});
