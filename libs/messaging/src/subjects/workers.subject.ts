import { z } from 'zod';
import { ForeignJson, ForeignText, SubjectToken } from '../payload/foreign-json.js';

/** Heartbeats (request, every 5 s) and control of workers (plain NATS). */
export const WORKERS = {
  heartbeat: (worker: string) => `workers.heartbeat.${worker}`,
  /** The worker that a heartbeat's subject names; NATS lets a worker publish on its own only. */
  workerOf: (subject: string) => subject.slice('workers.heartbeat.'.length),
  allHeartbeats: 'workers.heartbeat.>',
  group: 'executors',
  intervalMs: 5_000,
  leaseMs: 30_000,
  /** A worker cut off from NATS starts killing its tasks … */
  killAfterMs: 15_000,
  /** … and is done by then. */
  deadAfterMs: 25_000,
  /** Keeps a beat and its answer below 512 KiB. */
  heldPerBeat: 1_000,
  control: (worker: string) => `control.${worker}`,
} as const;

const HeldAttempt = z.object({
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  attempt: z.int().positive(),
  dispatch: z.int().positive(),
  token: z.string(),
  /** `running`, or `finished`: the result has been sent and waits to be confirmed. */
  state: z.enum(['running', 'finished']),
});
/** An attempt a worker runs or whose result is unconfirmed. */
export type HeldAttempt = z.infer<typeof HeldAttempt>;

/** A worker's word that it lives: its session, queues, slots, task types, and the attempts it holds. */
export const HeartbeatRequest = z.object({
  format: z.literal(1),
  session: z.uuid(),
  worker: SubjectToken,
  /** Epoch milliseconds on the worker when the list was made. */
  sentAt: z.number(),
  startedAt: z.number(),
  version: ForeignText,
  queues: z.array(SubjectToken).max(256),
  slots: z.int().nonnegative(),
  busy: z.int().nonnegative(),
  /** Manifests (`TaskTypeManifest` of contracts) of every task type it can run; sent with the first heartbeat of a session and when asked for. */
  taskTypes: z.array(ForeignJson).max(10_000).optional(),
  /** True: it takes no new work (shutting down). */
  draining: z.boolean(),
  /** True: the session's last beat. What it ran and has said nothing of is lost. */
  isOver: z.boolean().optional(),
  /** Sessions that ran on this worker's folder before and whose processes are dead for certain: what they ran is lost at once. */
  succeeds: z.array(z.uuid()).max(16).optional(),
  /** At most {@link WORKERS.heldPerBeat}: those running first, then the results that wait longest. */
  held: z.array(HeldAttempt),
  /** False: more is held than this beat names, so that absence from `held` says nothing; absent means true. */
  heldIsComplete: z.boolean().optional(),
  /** Names of shared run folders (`TaskMessage.workspace`) that lie on the worker; at most 500, all of them in turn. */
  workspaces: z.array(z.string()).optional(),
});
/** A worker's word that it lives. */
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

/** Answer to a heartbeat. */
export const HeartbeatReply = z.object({
  format: z.literal(1),
  /** Stop these: TERM, then KILL after `graceMs`. Repeated until the worker reports their end. */
  cancel: z.array(z.object({ taskInstanceId: z.uuid(), attempt: z.int(), reason: z.string(), graceMs: z.int() })),
  /** Results that are stored: need not be repeated any more. */
  confirmed: z.array(z.object({ taskInstanceId: z.uuid(), attempt: z.int(), dispatch: z.int() })),
  /** Attempts nobody knows here, or that belong to another session: kill them without a word. */
  unknown: z.array(z.object({ taskInstanceId: z.uuid(), attempt: z.int(), dispatch: z.int() })),
  /** True: send `taskTypes` again. */
  wantsTaskTypes: z.boolean(),
  /** Those of the beat's `workspaces` whose scope has ended, teardown included: the worker removes the folders. */
  endedWorkspaces: z.array(z.string()).optional(),
  /** Why this session may not work: another of the same name lives. Absent: it may. */
  refused: z.string().optional(),
});
/** Answer to a heartbeat. */
export type HeartbeatReply = z.infer<typeof HeartbeatReply>;

/** Told to a worker at once over plain NATS; the heartbeat's answer repeats it. */
export const ControlMessage = z.discriminatedUnion('kind', [
  z.object({
    format: z.literal(1),
    kind: z.literal('cancel'),
    taskInstanceId: z.uuid(),
    attempt: z.int(),
    reason: z.string(),
    graceMs: z.int(),
  }),
  /** Results of a batch that are stored: without it a busy worker keeps some five seconds of results in memory. */
  z.object({
    format: z.literal(1),
    kind: z.literal('confirmed'),
    attempts: z.array(z.object({ taskInstanceId: z.uuid(), attempt: z.int(), dispatch: z.int() })),
  }),
]);
/** Told to a worker at once. */
export type ControlMessage = z.infer<typeof ControlMessage>;
