import { z } from 'zod';
import { PROCESS_STATUSES } from '../status.js';
import { MAX_PAGE_SIZE } from './paging.js';

/** What is done to every run of a batch. Operations on nodes go to each node that is held, or that failed its run. */
export const BatchOperation = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('stop'), force: z.boolean().default(false) }),
  z.strictObject({ name: z.literal('pause') }),
  z.strictObject({ name: z.literal('resume') }),
  z.strictObject({ name: z.literal('restart'), version: z.enum(['same', 'latest']).default('same') }),
  z.strictObject({ name: z.enum(['retry', 'skip', 'raise']) }),
]);
/** What is done to every run of a batch. */
export type BatchOperation = z.infer<typeof BatchOperation>;

/** Body of `POST instances/batch`. */
export const BatchBody = z
  .strictObject({
    operation: BatchOperation,
    /** Which runs: all that fit everything that is named, which must be something. */
    filter: z
      .strictObject({
        ids: z.array(z.uuid()).min(1).max(MAX_PAGE_SIZE).optional(),
        /** As in the start of a run, without a version. */
        process: z.string().min(1).max(300).optional(),
        namespace: z.string().min(1).max(200).optional(),
        status: z.enum(PROCESS_STATUSES).optional(),
      })
      .refine((filter) => Object.values(filter).some((value) => value !== undefined), 'name which runs'),
    /** Only say what would be done. */
    dry: z.boolean().default(false),
    /** At most so many runs, the newest first; `nextCursor` of the answer goes on behind them. */
    limit: z.int().min(1).max(MAX_PAGE_SIZE).default(100),
    cursor: z.string().max(500).optional(),
  })
  .meta({ id: 'Batch' });
/** Body of `POST instances/batch`. */
export type BatchBody = z.infer<typeof BatchBody>;

/** What became of one run of a batch. */
export const BatchItem = z
  .object({
    id: z.uuid(),
    number: z.int(),
    process: z.string(),
    /** Status of the run, after the operation where it was done. */
    status: z.enum(PROCESS_STATUSES),
    /** `allowed`: in a dry run, it would be done. */
    outcome: z.enum(['done', 'allowed', 'refused', 'failed']),
    /** Why it was not done. */
    detail: z.string().optional(),
    /** Paths of the nodes it was done to. */
    nodes: z.array(z.string()).optional(),
    /** The new run of a restart. */
    newInstanceId: z.uuid().optional(),
  })
  .meta({ id: 'BatchItem' });
/** What became of one run of a batch. */
export type BatchItem = z.infer<typeof BatchItem>;

/** Answer of `POST instances/batch`; `nextCursor` is null when no more runs fit. */
export const BatchDone = z.object({ items: z.array(BatchItem), nextCursor: z.string().nullable() }).meta({ id: 'BatchDone' });
/** Answer of `POST instances/batch`. */
export type BatchDone = z.infer<typeof BatchDone>;
