import { z } from 'zod';
import { TaskTypeManifest } from '../plugin-manifest.js';
import { Timestamp } from './page.js';

/** A live worker. */
export const WorkerView = z
  .object({
    name: z.string(),
    session: z.uuid(),
    version: z.string(),
    queues: z.array(z.string()),
    slots: z.int(),
    busy: z.int(),
    draining: z.boolean(),
    startedAt: Timestamp,
    seenAt: Timestamp,
  })
  .meta({ id: 'Worker' });
/** A live worker. */
export type WorkerView = z.infer<typeof WorkerView>;

/** All live workers. */
export const WorkerList = z.object({ items: z.array(WorkerView) });

/** All task types of the live workers and of the standard library. */
export const TaskTypeList = z.object({ items: z.array(TaskTypeManifest) });
