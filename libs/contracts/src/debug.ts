import { z } from 'zod';
import { AnyJson, AnyJsonObject } from './json.js';

/** How a run goes: by itself, or stopping for a person. */
export const RUN_MODES = ['run', 'debug'] as const;
/** How a run goes. */
export type RunMode = (typeof RUN_MODES)[number];

/** Where a debugged run stops: before every node, or only at breakpoints. */
export const DEBUG_STOPS = ['all', 'breakpoints'] as const;
/** Where a debugged run stops. */
export type DebugStops = (typeof DEBUG_STOPS)[number];

/** The stop that is meant, by the execution or by the scope it stands in; neither: the only one that stands. */
const target = {
  task: z.uuid().optional().describe('The execution that is stopped.'),
  scope: z.int().nonnegative().optional().describe('The scope it stands in.'),
};
const nodeIds = z.array(z.string().min(1).max(64)).max(1_000).default([]);

/** What can be done at a stop of a debugged run. */
export const DebugAction = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('step'), ...target }).describe('Runs the node and stops before the next one of its scope.'),
    z.strictObject({ action: z.literal('into'), ...target }).describe('Begins a container and stops before the first node inside.'),
    z
      .strictObject({ action: z.literal('continue'), ...target })
      .describe('Goes on to the next breakpoint; without a target at every stop.'),
    z.strictObject({ action: z.literal('inputs'), ...target, input: AnyJsonObject }).describe('Replaces the resolved inputs of a task.'),
    z.strictObject({ action: z.literal('mock'), ...target, result: AnyJson }).describe('Takes this result instead of running the node.'),
    z.strictObject({ action: z.literal('skip'), ...target }).describe('Passes the node over.'),
    z.strictObject({ action: z.literal('rerun'), ...target }).describe('Runs the node before it in its scope again.'),
    z.strictObject({ action: z.literal('variables'), values: AnyJsonObject }).describe('Writes variables of the run.'),
    z.strictObject({ action: z.literal('breakpoints'), set: nodeIds, clear: nodeIds }).describe('Sets and clears breakpoints of this run.'),
    z.strictObject({ action: z.literal('stop') }).describe('Stops the run.'),
  ])
  .meta({ id: 'DebugAction' });
/** What can be done at a stop of a debugged run. */
export type DebugAction = z.infer<typeof DebugAction>;
