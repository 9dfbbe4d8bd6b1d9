import { z } from 'zod';

/** Since when it waits. */
const since = z.iso.datetime();
/** When the waiting ends by itself. */
const until = z.iso.datetime();

/**
 * What an execution or a run waits for, as the engine knows it: stored with its row (`waits_for`) for as long as it waits.
 * What only the surroundings know (a worker, a queue, another run) is added where it is read: `WaitReason`.
 */
export const WaitsFor = z.discriminatedUnion('kind', [
  /** The next attempt after a failed one. */
  z.object({ kind: z.literal('retry'), since, until }),
  /** A delay. */
  z.object({ kind: z.literal('timer'), since, until }),
  /** People: who may answer, how many have and how many must. */
  z.object({
    kind: z.literal('approval'),
    since,
    until: until.optional(),
    by: z.array(z.string()),
    answered: z.int(),
    needed: z.int(),
  }),
  /** A signal, by its name and correlation key. */
  z.object({ kind: z.literal('signal'), since, until: until.optional(), name: z.string(), key: z.string() }),
  /** A run it started, or is about to start. */
  z.object({ kind: z.literal('child'), since, instanceId: z.uuid() }),
  /** A person who debugs the run; steps name the scope. */
  z.object({ kind: z.literal('breakpoint'), since, scope: z.int() }),
  /** `onError: hold`: it failed and a person decides what becomes of it. */
  z.object({ kind: z.literal('operator'), since }),
  /**
   * A run: its turn among the runs with the same concurrency key. `heldBy` is added where it is read; `circle`: these runs, which hold the
   * slots, cannot end before it has begun.
   */
  z.object({
    kind: z.literal('slot'),
    since,
    key: z.string(),
    heldBy: z.array(z.uuid()).optional(),
    circle: z.array(z.uuid()).optional(),
  }),
  /** A run: the person who paused it. */
  z.object({ kind: z.literal('paused'), since, by: z.string() }),
]);
/** What an execution or a run waits for, as the engine knows it. */
export type WaitsFor = z.infer<typeof WaitsFor>;
/** Kinds of waiting that the engine knows. */
export type WaitsForKind = WaitsFor['kind'];
