import { z } from 'zod';

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
  shardOf: (instanceId: string) => Number.parseInt(instanceId.slice(-4), 16) % RUN_SHARDS,
} as const;

const FailureMessage = z.object({
  reason: z.enum(['user', 'plugin', 'timeout.run', 'timeout.heartbeat', 'infra', 'stopped']),
  message: z.string(),
  code: z.string().optional(),
  detail: z.json().optional(),
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
  worker: z.string(),
  outcome: z.discriminatedUnion('status', [
    z.object({ status: z.literal('SUCCESS'), result: z.json() }),
    z.object({ status: z.literal('FAILURE'), failure: FailureMessage, result: z.json().optional() }),
    z.object({ status: z.literal('STOP'), result: z.json().optional() }),
  ]),
  /** Variables the task wrote. */
  variables: z.record(z.string(), z.json()).optional(),
  logChunks: z.int().nonnegative(),
});
/** How an attempt ended. */
export type FinishedMessage = z.infer<typeof FinishedMessage>;
