import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';

const nanos = (milliseconds: number) => milliseconds * 1_000_000;

/** A stream's settings with its name. */
export type StreamSettings = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>;
/** A durable consumer's settings with its name. */
export type ConsumerSettings = Partial<ConsumerConfig> & { readonly durable_name: string };

/** What all streams have in common. */
export const baseStream = (name: string, subjects: readonly string[]): StreamSettings => ({
  name,
  subjects: [...subjects],
  storage: StorageType.File,
  num_replicas: 1,
  duplicate_window: nanos(120_000),
});

/** Each message is for one consumer and goes with its ack. A full stream refuses new messages, it never drops old ones. */
export const workQueue = (name: string, subjects: readonly string[]): StreamSettings => ({
  ...baseStream(name, subjects),
  retention: RetentionPolicy.Workqueue,
  discard: DiscardPolicy.New,
  max_bytes: 512 * 1024 * 1024,
});

/** The same stream with one message a subject at most: another is refused with `nats.subject-full` until the first is out. */
export const onePerSubject = (stream: StreamSettings): StreamSettings => ({
  ...stream,
  max_msgs_per_subject: 1,
  discard_new_per_subject: true,
});

/** A durable of a work queue. There is no `max_deliver`: it would leave a message in the stream for ever. */
export const workConsumer = (settings: {
  readonly durable: string;
  readonly filter?: string;
  readonly ackWaitMs: number;
  readonly maxAckPending: number;
}): ConsumerSettings => ({
  durable_name: settings.durable,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  replay_policy: ReplayPolicy.Instant,
  ack_wait: nanos(settings.ackWaitMs),
  max_ack_pending: settings.maxAckPending,
  // Pull requests of all readers together; each reader has a few.
  max_waiting: 4_096,
  ...(settings.filter === undefined ? {} : { filter_subject: settings.filter }),
});
