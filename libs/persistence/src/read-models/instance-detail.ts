import type { Failure, InstanceDetail, JsonObject } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { INSTANCE_COLUMNS, toInstanceSummary, type InstanceRow } from './instance-row.js';
import { HAS_RAISED } from './raised-tasks.js';
import { TASK_COLUMNS, toTaskView, type AttemptRow, type FullTaskRow, type StoredTaskView } from './task-row.js';

/** A run with its executions; which operations are possible is the engine's to say. */
export type StoredInstance = Omit<InstanceDetail, 'allowed' | 'tasks'> & {
  readonly tasks: readonly StoredTaskView[];
  /** Ids of the executions whose failures ended the run, or are going to: from each of them it can go on. */
  readonly raised: readonly string[];
  /** A person debugs it. */
  readonly isDebugged: boolean;
  readonly processVersionId: string;
  /** Number of the newest history row this was read with or before: facts after it are news. */
  readonly seq: number;
};

interface DetailRow extends InstanceRow {
  readonly process_version_id: string;
  readonly is_debugged: boolean;
  readonly seq: number;
  readonly error: Failure | null;
  readonly params: JsonObject;
  readonly variables: JsonObject;
  readonly outputs: JsonObject | null;
  readonly parent_id: string | null;
  readonly parent_task_instance_id: string;
}

interface RunTaskRow extends FullTaskRow {
  readonly has_raised: boolean;
}

interface ChildRow extends InstanceRow {
  readonly parent_task_instance_id: string;
}

const INSTANCE = `select ${INSTANCE_COLUMNS}, i.process_version_id, i.state ? 'debug' as is_debugged, i.seq, i.params, i.variables, i.outputs,
  i.parent_id, i.parent_task_instance_id
  from runtime.process_instance i where i.id = $1`;

const TASKS = `select ${TASK_COLUMNS}, t.input, t.result, t.late_result, t.reused_from, ${HAS_RAISED} as has_raised
  from runtime.task_instance t join runtime.process_instance i on i.id = t.process_instance_id
  where t.process_instance_id = $1 and i.id = $1 order by t.id`;

const ATTEMPTS = `select task_instance_id, attempt, worker, error, result, started_at, finished_at
  from runtime.task_attempt where process_instance_id = $1 order by task_instance_id, attempt`;

const CHILDREN = `select ${INSTANCE_COLUMNS}, i.parent_task_instance_id
  from runtime.process_instance i where i.parent_id = $1 order by i.id limit 1000`;

/** A run with every execution of its nodes in the order in which they came to be; null when there is none. */
export const readInstance = async (pool: Pool, id: string): Promise<StoredInstance | null> => {
  // Read first: executions may be newer than the run's own row, never older.
  const { rows: instances } = await pool.query<DetailRow>(INSTANCE, [id]);
  const [instance] = instances;
  if (!instance) return null;
  const [{ rows: tasks }, { rows: attempts }, { rows: children }] = await Promise.all([
    pool.query<RunTaskRow>(TASKS, [id]),
    pool.query<AttemptRow>(ATTEMPTS, [id]),
    pool.query<ChildRow>(CHILDREN, [id]),
  ]);
  const attemptsOf = Map.groupBy(attempts, (attempt) => attempt.task_instance_id);
  return {
    ...toInstanceSummary(instance),
    isDebugged: instance.is_debugged,
    processVersionId: instance.process_version_id,
    seq: instance.seq,
    error: instance.error,
    params: instance.params,
    variables: instance.variables,
    outputs: instance.outputs,
    raised: tasks.flatMap(({ id: taskId, has_raised: hasRaised }) => (hasRaised ? [taskId] : [])),
    parent: instance.parent_id === null ? null : { id: instance.parent_id, taskId: instance.parent_task_instance_id },
    children: children.map((child) => ({ ...toInstanceSummary(child), taskId: child.parent_task_instance_id })),
    tasks: tasks.map((task) => toTaskView(task, attemptsOf.get(task.id) ?? [])),
  };
};
