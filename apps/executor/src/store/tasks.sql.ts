import type { Failure, Json, TaskStatus } from '@orderlines/contracts';
import type { AttemptRow, StoredTask, TaskInstanceRow, TaskInstanceUpdate } from '@orderlines/process-engine';
import { asArrays, asMilliseconds, asTable, converted, insertStatement, jsonText, type Column } from './columns.js';
import type { BatchQueries, Statement } from './batch-session.js';

/** A row of a run: the row itself does not know its run. */
export interface OfRun<Row> {
  readonly instanceId: string;
  readonly row: Row;
}

const ofRun = <Row>(columns: readonly Column<Row>[]): readonly Column<OfRun<Row>>[] => [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ...columns.map(([name, type, value]): Column<OfRun<Row>> => [name, type, ({ row }) => value(row)]),
];

/** JSON text of a value that may be left out (null: keep what is stored); a value that is null is the JSON null. */
const givenJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

const CHANGING: readonly Column<TaskInstanceUpdate>[] = [
  ['id', 'uuid', (task) => task.id],
  ['status', 'text', (task) => task.status],
  ['reason', 'text', (task) => task.reason],
  ['skip_reason', 'text', (task) => task.skipReason],
  ['failed', 'boolean', (task) => task.failed],
  ['attempt', 'int', (task) => task.attempt],
  ['dispatch', 'int', (task) => task.dispatch],
  ['worker', 'text', (task) => task.worker],
  ['session_id', 'uuid', (task) => task.session],
  ['token', 'text', (task) => task.token],
  ['ready_at', 'time', (task) => task.readyAt],
  ['started_at', 'time', (task) => task.startedAt],
  ['finished_at', 'time', (task) => task.finishedAt],
  ['deadline_at', 'time', (task) => task.deadlineAt],
  ['waits_for', 'json', (task) => jsonText(task.waitsFor)],
  ['result', 'json', (task) => givenJson(task.result)],
  ['error', 'json', (task) => givenJson(task.error)],
  ['input', 'json', (task) => givenJson(task.input)],
  ['log_chunks', 'int', (task) => task.logChunks ?? null],
  ['timeout_ms', 'bigint', (task) => task.timeoutMs ?? null],
  ['heartbeat_timeout_ms', 'bigint', (task) => task.heartbeatTimeoutMs ?? null],
];
const CHANGED_COLUMNS = ofRun(CHANGING);

const NEW_COLUMNS = ofRun<TaskInstanceRow>([
  ...CHANGING.filter(([name]) => name !== 'error'),
  ['error', 'json', (task) => jsonText(task.error)],
  ['node_id', 'text', (task) => task.nodeId],
  ['kind', 'text', (task) => task.kind],
  ['type', 'text', (task) => task.type],
  ['uses', 'text', (task) => task.uses],
  ['path', 'text', (task) => task.path],
  ['scope', 'int', (task) => task.scope],
  ['parent_id', 'uuid', (task) => task.parentId],
  ['visit', 'int', (task) => task.visit],
  ['item_index', 'int', (task) => task.index],
  ['queue', 'text', (task) => task.queue],
  ['workspace', 'text', (task) => task.workspace],
  ['created_at', 'time', (task) => task.createdAt],
  ['reused_from', 'uuid', (task) => task.reusedFrom ?? null],
]);

const KEPT = new Set(['result', 'input', 'timeout_ms', 'heartbeat_timeout_ms']);
const assignment = (column: Column<OfRun<TaskInstanceUpdate>>): string => {
  const [name] = column;
  if (KEPT.has(name)) return `${name} = coalesce(${converted(column)}, t.${name})`;
  // What an earlier attempt said of its log says nothing of this one's.
  if (name === 'log_chunks')
    return `log_chunks = case when u.attempt > t.attempt then u.log_chunks else coalesce(u.log_chunks, t.log_chunks) end`;
  if (name === 'error') return `error = case when u.error is null then t.error else nullif(${converted(column)}, 'null'::jsonb) end`;
  return `${name} = ${converted(column)}`;
};

export const INSERT_TASKS: Statement = { name: 'insert-tasks', text: insertStatement('runtime.task_instance', NEW_COLUMNS) };

export const UPDATE_TASKS: Statement = {
  name: 'update-tasks',
  text: `update runtime.task_instance t set ${CHANGED_COLUMNS.filter(([name]) => name !== 'id' && name !== 'process_instance_id')
    .map(assignment)
    .join(', ')}
    from ${asTable(CHANGED_COLUMNS)} where t.process_instance_id = u.process_instance_id and t.id = u.id`,
};

const ATTEMPT_COLUMNS = ofRun<AttemptRow>([
  ['task_instance_id', 'uuid', (attempt) => attempt.taskInstanceId],
  ['attempt', 'int', (attempt) => attempt.attempt],
  ['worker', 'text', (attempt) => attempt.worker],
  ['error', 'json', (attempt) => JSON.stringify(attempt.failure)],
  ['result', 'json', (attempt) => jsonText(attempt.result)],
  ['log_chunks', 'int', (attempt) => attempt.logChunks ?? null],
  ['started_at', 'time', (attempt) => attempt.startedAt],
  ['finished_at', 'time', (attempt) => attempt.finishedAt],
]);

export const INSERT_ATTEMPTS: Statement = {
  name: 'insert-attempts',
  text: insertStatement('runtime.task_attempt', ATTEMPT_COLUMNS, 'on conflict do nothing'),
};

/** Writes the rows of executions. */
export const writeTasks = async (
  queries: BatchQueries,
  created: readonly OfRun<TaskInstanceRow>[],
  updated: readonly OfRun<TaskInstanceUpdate>[],
  attempts: readonly OfRun<AttemptRow>[],
): Promise<void> => {
  await Promise.all([
    created.length > 0 ? queries.run(INSERT_TASKS, asArrays(NEW_COLUMNS, created)) : undefined,
    updated.length > 0 ? queries.run(UPDATE_TASKS, asArrays(CHANGED_COLUMNS, updated)) : undefined,
    attempts.length > 0 ? queries.run(INSERT_ATTEMPTS, asArrays(ATTEMPT_COLUMNS, attempts)) : undefined,
  ]);
};

const STORED = `t.process_instance_id, t.id, t.node_id, t.parent_id, t.scope, t.visit, t.item_index, t.status, t.failed, t.result, t.error, t.attempt,
      t.dispatch, t.worker, t.log_chunks,
      ${asMilliseconds('t.started_at', 'started_at')}, ${asMilliseconds('t.finished_at', 'finished_at')},
      case when t.type = 'foreach' then t.input end as items`;

interface StoredRow {
  process_instance_id: string;
  id: string;
  node_id: string;
  parent_id: string | null;
  scope: number;
  visit: number;
  item_index: number | null;
  status: TaskStatus;
  failed: boolean;
  result: Json;
  error: Failure | null;
  attempt: number;
  dispatch: number;
  worker: string | null;
  log_chunks: number | null;
  started_at: number | null;
  finished_at: number | null;
  /** Arguments of a foreach: what its items are. */
  items: Json;
}

export const LOAD_TASKS: Statement = {
  name: 'load-tasks',
  text: `select ${STORED} from unnest($1::uuid[], $2::uuid[]) as u (process_instance_id, id)
    join runtime.task_instance t on t.process_instance_id = u.process_instance_id and t.id = u.id`,
};

export const LOAD_CHILDREN: Statement = {
  name: 'load-children',
  text: `select ${STORED} from unnest($1::uuid[], $2::uuid[]) as u (process_instance_id, parent_id)
    join runtime.task_instance t on t.process_instance_id = u.process_instance_id and t.parent_id = u.parent_id order by t.id`,
};

/** What an expression reads: an execution by its id, or all executions inside a container. */
export interface NeededRow {
  readonly instanceId: string;
  readonly id: string;
}

const NEEDED: readonly Column<NeededRow>[] = [
  ['process_instance_id', 'uuid', (row) => row.instanceId],
  ['id', 'uuid', (row) => row.id],
];

const loaded = async (queries: BatchQueries, statement: Statement, needed: readonly NeededRow[]): Promise<OfRun<StoredTask>[]> => {
  if (needed.length === 0) return [];
  const { rows } = await queries.run<StoredRow>(statement, asArrays(NEEDED, needed));
  return rows.map((row) => ({
    instanceId: row.process_instance_id,
    row: {
      id: row.id,
      nodeId: row.node_id,
      parentId: row.parent_id,
      scope: row.scope,
      visit: row.visit,
      index: row.item_index,
      status: row.status,
      failed: row.failed,
      result: row.result,
      input: row.items,
      error: row.error,
      attempt: row.attempt,
      dispatch: row.dispatch,
      worker: row.worker,
      logChunks: row.log_chunks,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
    },
  }));
};

/** Reads executions by their ids. */
export const loadTasks = (queries: BatchQueries, needed: readonly NeededRow[]) => loaded(queries, LOAD_TASKS, needed);

/** Reads all executions inside containers. */
export const loadChildren = (queries: BatchQueries, containers: readonly NeededRow[]) => loaded(queries, LOAD_CHILDREN, containers);
