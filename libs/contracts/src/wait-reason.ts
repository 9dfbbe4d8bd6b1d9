import { z } from 'zod';
import { WaitsFor } from './waits-for.js';

/** Since when it is so; null when nobody noted it. */
const since = z.iso.datetime().nullable();

/** Why something in a run does not move, with everything that a text in any language needs: found where runs are read. */
export const WaitReason = z.discriminatedUnion('kind', [
  ...WaitsFor.options,
  /** Workers of its queue are up; it is not its turn yet. */
  z.object({ kind: z.literal('queued'), since, queue: z.string() }),
  z.object({ kind: z.literal('no-worker'), since, queue: z.string() }),
  /** `workspace: run`: only the worker with the shared folder can take it. */
  z.object({ kind: z.literal('folder'), since, worker: z.string(), alive: z.boolean() }),
  /** Its worker has been silent for longer than its lease; the attempt is about to count as lost. */
  z.object({ kind: z.literal('silent-worker'), since, worker: z.string() }),
  /** Its worker has been told to stop it. */
  z.object({ kind: z.literal('stopping'), since, worker: z.string() }),
  /** An event of the run could not be applied and holds the later ones behind it. */
  z.object({ kind: z.literal('parked'), since, error: z.string() }),
  /** Nothing explains it: a fault of the platform, which its watchdog reports. */
  z.object({ kind: z.literal('unexplained'), since }),
]);
/** Why something in a run does not move. */
export type WaitReason = z.infer<typeof WaitReason>;

/** A reason with its English text, for whoever does not translate it. */
export const ShownWaitReason = z.intersection(WaitReason, z.object({ text: z.string() })).meta({ id: 'WaitReason' });
/** A reason with its English text. */
export type ShownWaitReason = z.infer<typeof ShownWaitReason>;

/** The reason as an English sentence; `now` is epoch milliseconds. */
export const waitReasonText = (reason: WaitReason, now: number): string => {
  switch (reason.kind) {
    case 'retry':
      return `retry at ${reason.until}`;
    case 'timer':
      return `timer at ${reason.until}`;
    case 'approval':
      return `approval by ${reason.by.map((key) => key.replace(':', ' ')).join(', ') || 'an administrator'}, ${reason.answered} of ${reason.needed}`;
    case 'signal':
      return `signal ${reason.name}${reason.key === '' ? '' : ` with key ${reason.key}`}`;
    case 'child':
      return `child run ${reason.instanceId}`;
    case 'breakpoint':
      return 'breakpoint';
    case 'operator':
      return 'failed, waiting for an operator';
    case 'slot':
      return slotText(reason);
    case 'paused':
      return `paused by ${reason.by}`;
    case 'queued':
      return `queued in ${reason.queue}${elapsed(reason.since, now)}`;
    case 'no-worker':
      return `no live worker on queue ${reason.queue}`;
    case 'folder':
      return `waiting for worker ${reason.worker}, which holds the folder${reason.alive ? '' : ' and is away'}`;
    case 'silent-worker':
      return `worker ${reason.worker}, which runs it, is silent${elapsed(reason.since, now)}`;
    case 'stopping':
      return `worker ${reason.worker} is stopping it`;
    case 'parked':
      return `an event of the run could not be applied: ${reason.error}`;
    case 'unexplained':
      return 'nothing explains it: this is a fault of the platform';
  }
};

/** What a person can do about it, as an English sentence. */
export const waitAdvice = (reason: WaitReason, instanceId: string): string => {
  switch (reason.kind) {
    case 'retry':
    case 'timer':
      return 'Nothing: it goes on by itself then.';
    case 'approval':
      return `Let one of them answer: orderlines approve ${instanceId}`;
    case 'signal':
      return `Send it: orderlines signal ${reason.name}${reason.key === '' ? '' : ` --key ${reason.key}`}`;
    case 'child':
      return `See what the child run does: orderlines explain ${reason.instanceId}`;
    case 'breakpoint':
      return `Go on with it: orderlines debug step ${instanceId}, or orderlines debug continue ${instanceId}`;
    case 'operator':
      return 'Decide: retry it, skip it, or give it a result.';
    case 'slot':
      return reason.circle
        ? `Stop one of the runs of the circle: orderlines stop-process ${reason.circle[0] ?? instanceId}`
        : 'Nothing: it starts when a run with the same key has ended.';
    case 'paused':
      return `Go on with it: orderlines recover-process ${instanceId}`;
    case 'queued':
      return 'Nothing: it is taken when a slot is free. More workers on the queue make it faster.';
    case 'no-worker':
      return `Start a worker that serves the queue ${reason.queue}; \`orderlines get tasks --status PENDING\` shows what else waits.`;
    case 'folder':
      return reason.alive ? 'Nothing: it is taken when that worker has a free slot.' : `Start the worker ${reason.worker} again.`;
    case 'silent-worker':
      return `Look after the worker ${reason.worker} and its way to NATS; the attempt counts as lost soon.`;
    case 'stopping':
      return `Wait, or stop by force: orderlines stop-process ${instanceId} --force`;
    case 'parked':
      return 'Report the error; the event can be tried again or dropped.';
    case 'unexplained':
      return 'Report it; the log of the executor says more.';
  }
};

const elapsed = (since: string | null, now: number): string =>
  since === null ? '' : ` for ${Math.max(0, Math.round((now - Date.parse(since)) / 1_000))} s`;

const slotText = ({ key, heldBy = [], circle }: Extract<WaitReason, { kind: 'slot' }>): string => {
  if (circle) return `waiting in a circle: the slot of ${key} is held by run ${circle.join(', ')}, which cannot end before this one`;
  return heldBy.length === 0 ? `waiting for a slot of ${key}` : `waiting for slot ${key} held by run ${heldBy.join(', ')}`;
};
