import { z } from 'zod';
import { TaskTypeManifest } from '../plugin-manifest.js';

/** A worker that gave a sign of life lately. */
export const WorkerView = z
  .object({
    session: z.uuid(),
    name: z.string(),
    version: z.string(),
    queues: z.array(z.string()),
    slots: z.int(),
    busy: z.int(),
    /** True: it takes no new work. */
    draining: z.boolean(),
    /** Task types it can run, `name@version`. */
    taskTypes: z.array(z.string()),
    startedAt: z.iso.datetime(),
    seenAt: z.iso.datetime(),
  })
  .meta({ id: 'Worker' });
/** A worker that gave a sign of life lately. */
export type WorkerView = z.infer<typeof WorkerView>;
/** All workers that gave a sign of life lately. */
export const WorkerList = z.object({ items: z.array(WorkerView) }).meta({ id: 'WorkerList' });
/** All workers that gave a sign of life lately. */
export type WorkerList = z.infer<typeof WorkerList>;

/** All task types that some worker has offered. */
export const TaskTypeList = z.object({ items: z.array(TaskTypeManifest) }).meta({ id: 'TaskTypeList' });
/** All task types that some worker has offered. */
export type TaskTypeList = z.infer<typeof TaskTypeList>;
