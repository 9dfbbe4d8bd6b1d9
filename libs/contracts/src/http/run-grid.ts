import { z } from 'zod';
import { TASK_STATUSES } from '../status.js';
import { InstanceSummary } from './instance.js';

/** Query of `GET instances/grid`. */
export const RunGridQuery = z.object({
  process: z.string().max(300).describe('The process, as in the start of a run, without a version.'),
  limit: z.coerce.number().int().min(1).max(100).default(25).describe('How many of its newest runs.'),
});
/** Query of `GET instances/grid`. */
export type RunGridQuery = z.infer<typeof RunGridQuery>;

/** How the executions of one node stand in one run, items of a foreach left aside. */
export const RunGridCell = z.object({
  /** How many executions stand in a status; those without any are left out. */
  statuses: z.partialRecord(z.enum(TASK_STATUSES), z.int()),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
/** How the executions of one node stand in one run. */
export type RunGridCell = z.infer<typeof RunGridCell>;

/** The newest runs of a process, and how each of its nodes stands in each of them. */
export const RunGrid = z
  .object({
    /** The newest first. */
    runs: z.array(InstanceSummary),
    /** Nodes that were reached in one of the runs, in the order in which the newest of them reached them. */
    nodes: z.array(
      z.object({
        id: z.string(),
        /** Task type, or type of the node. */
        uses: z.string(),
        /** One for each run; null where it did not reach the node. */
        cells: z.array(RunGridCell.nullable()),
      }),
    ),
  })
  .meta({ id: 'RunGrid' });
/** The newest runs of a process, and how each of its nodes stands in each of them. */
export type RunGrid = z.infer<typeof RunGrid>;
