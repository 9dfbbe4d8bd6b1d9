import { z } from 'zod';
import { ForeignJson, ForeignJsonObject, ForeignText } from '../payload/foreign-json.js';
import { onePerSubject, workConsumer, workQueue } from './stream-config.js';

/** Which of the two says that something has changed between a run and the one that started it. */
export type LinkKind = 'parent' | 'child';

/** Number of shards in RUNS subjects, so that executors can own shards later. */
export const RUN_SHARDS = 64;

/** Inputs to the engine that must not be lost: one durable for all executors, one message a subject. */
export const RUNS = {
  name: 'RUNS',
  subjects: ['runs.>'],
  durable: 'executor',
  /** Everything about one dispatch of one attempt; the kind follows. */
  prefix: (shard: number, queue: string, instanceId: string, taskInstanceId: string, dispatch: number) =>
    `runs.${shard}.${queue}.${instanceId}.${taskInstanceId}.${dispatch}`,
  /** Told by a run, at this version of it, about a run that it started or was started by: no queue has such a name, so no worker can say it. */
  link: (instanceId: string, taskInstanceId: string, seq: number, from: LinkKind) =>
    `runs.${RUNS.shardOf(instanceId)}.~.${instanceId}.${taskInstanceId}.${seq}.${from}`,
  /** A run whose turn may have come, told at this version of it. */
  slot: (instanceId: string, seq: number) => `runs.${RUNS.shardOf(instanceId)}.~.${instanceId}.${instanceId}.${seq}.slot`,
  shardOf: (instanceId: string) => Number.parseInt(instanceId.slice(-4), 16) % RUN_SHARDS,
} as const;

/**
 * One message a subject, kept by the server: a repeat of what waits already is refused with `nats.subject-full`,
 * which tells its sender that it is stored.
 */
export const RUNS_CONFIG = onePerSubject(workQueue(RUNS.name, RUNS.subjects));

/** For all executors; each holds at most two batches of 1,000. */
export const RUNS_CONSUMER = workConsumer({ durable: RUNS.durable, ackWaitMs: 15_000, maxAckPending: 20_000 });

const FailureMessage = z.object({
  reason: z.enum(['user', 'plugin', 'expression', 'timeout.run', 'timeout.heartbeat', 'infra', 'stopped']),
  message: ForeignText,
  code: ForeignText.optional(),
  detail: ForeignJson.optional(),
});

/** How an attempt ended: `<prefix>.finished`. Repeated until a heartbeat's answer confirms it. */
export const FinishedMessage = z.object({
  format: z.literal(1),
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  attempt: z.int().positive(),
  dispatch: z.int().positive(),
  /** The claim's token. */
  token: z.string(),
  session: z.uuid(),
  worker: ForeignText,
  outcome: z.discriminatedUnion('status', [
    z.object({ status: z.literal('SUCCESS'), result: ForeignJson }),
    z.object({ status: z.literal('FAILURE'), failure: FailureMessage, result: ForeignJson.optional() }),
    z.object({ status: z.literal('STOP'), result: ForeignJson.optional() }),
  ]),
  /** Variables the task wrote. */
  variables: ForeignJsonObject.optional(),
  logChunks: z.int().nonnegative(),
});
/** How an attempt ended. */
export type FinishedMessage = z.infer<typeof FinishedMessage>;

/**
 * Something has changed between a run (in the subject) and the one that started it. A hint: the executor looks at both under their
 * locks, so one that is lost, late or repeated does no harm.
 */
export const LinkMessage = z.object({ format: z.literal(1), parentId: z.uuid() });
/** Something has changed between a run and the one that started it. */
export type LinkMessage = z.infer<typeof LinkMessage>;

/** A run (in the subject) is to be looked at together with the others that have its concurrency key; a hint, too. */
export const SlotMessage = z.object({ format: z.literal(1) });
/** A run is to be looked at together with the others that have its key. */
export type SlotMessage = z.infer<typeof SlotMessage>;
