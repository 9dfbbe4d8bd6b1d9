import type { TaskStatus, TaskSummary } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { andOfRunsWithin, type Limited } from './row-limits.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';
import { TASK_COLUMNS, toTaskSummary, type TaskRow } from './task-row.js';

/** Which executions. */
export interface TaskFilter extends Limited {
  readonly instanceId?: string | undefined;
  readonly processId?: string | undefined;
  /** Task type or type of node. */
  readonly uses?: string | undefined;
  readonly status?: TaskStatus | undefined;
}

/** Executions of nodes, those of newer runs first, in a run the newest first. Throws `InvalidCursor`. */
export const listTasks = async (pool: Pool, filter: TaskFilter, page: PageRequest): Promise<Page<TaskSummary>> => {
  const where = new Conditions();
  where.equal('t.process_instance_id', filter.instanceId);
  where.equal('t.status', filter.status);
  where.equal('coalesce(t.uses, t.type)', filter.uses);
  if (filter.processId !== undefined) {
    const process = where.value(filter.processId);
    where.and(`exists (select from runtime.process_instance i where i.id = t.process_instance_id and i.process_id = ${process})`);
  }
  andOfRunsWithin(where, filter.limits, 't.process_instance_id');
  if (page.cursor !== undefined) {
    const [instanceId, id] = decodeCursor(page.cursor, [UUID, UUID]);
    where.and(`(t.process_instance_id, t.id) < (${where.value(instanceId)}, ${where.value(id)})`);
  }
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<TaskRow>(
    `select ${TASK_COLUMNS}
       from (select * from runtime.task_instance t${where} order by t.process_instance_id desc, t.id desc limit ${limit}) t
       join runtime.process_instance i on i.id = t.process_instance_id
      order by t.process_instance_id desc, t.id desc`,
    where.values,
  );
  return toPage(rows, page.limit, toTaskSummary, (row) => [row.process_instance_id, row.id]);
};
