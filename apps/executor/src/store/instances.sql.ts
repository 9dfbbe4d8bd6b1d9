import type { Failure, JsonObject, Phase, ProcessStatus, WaitsFor } from '@orderlines/contracts';
import type { Run, RunState, Slot } from '@orderlines/process-engine';
import type { QueryResult } from 'pg';
import type { ParentLink } from '../instance/batch-item.js';
import { binaryArray } from './binary-arrays.js';
import { asArrays, asMilliseconds, asTable, converted, insertStatement, jsonText, type Column } from './columns.js';
import type { BatchQueries, Statement } from './batch-session.js';

/** What a row says about a run besides what the engine changes. */
export interface InstanceIdentity {
  readonly id: string;
  readonly namespace: string;
  readonly processId: string;
  readonly processVersionId: string;
  readonly processName: string;
  readonly processVersion: number;
  readonly number: number;
  readonly startedBy: string;
  readonly origin: string;
  readonly logicalTime: number;
  readonly params: JsonObject;
  readonly parent: ParentLink | null;
}

/** A run as it is written. Members of the run that the batch did not touch are null: the row keeps them. */
export interface InstanceWrite {
  readonly identity: InstanceIdentity;
  readonly seq: number;
  readonly run: Run;
  /** The run as it was read, to see what has changed; null for a new one. */
  readonly before: Run | null;
  /** JSON of the run's state. */
  readonly stateText: string;
}

/** A run that is locked: its version, and whether an event of it is parked. */
export interface LockedInstance {
  readonly id: string;
  readonly seq: number;
  readonly parked: boolean;
}

export const LOCK_INSTANCES: Statement = {
  name: 'lock-instances',
  text: `select p.id, p.seq::float8 as seq,
      exists (select from runtime.parked_event e where e.process_instance_id = p.id) as parked
    from unnest($1::uuid[]) as u (id) join runtime.process_instance p on p.id = u.id
    order by p.id for no key update of p`,
};

/** Locks runs in the order of their ids; ids must be distinct. */
export const lockInstances = async (queries: BatchQueries, ids: readonly string[]): Promise<LockedInstance[]> =>
  (await queries.run<{ id: string; seq: number; parked: boolean }>(LOCK_INSTANCES, [binaryArray('uuid', ids)])).rows;

export const LOAD_INSTANCES: Statement = {
  name: 'load-instances',
  text: `select p.id, p.namespace, p.process_id, p.process_version_id, p.process_name, p.process_version, p.number::float8 as number,
      p.started_by, p.origin, p.params, p.status, p.phase, p.generation, p.seq::float8 as seq, p.variables, p.outputs, p.error, p.waits_for, p.state,
      p.parent_id, p.parent_task_instance_id, p.parent_waits, p.ancestors, p.slot_key, p.slot_limit, p.slot_policy,
      ${asMilliseconds('p.logical_time', 'logical_time')}, ${asMilliseconds('p.started_at', 'started_at')},
      ${asMilliseconds('p.finished_at', 'finished_at')}, ${asMilliseconds('p.deadline_at', 'deadline_at')}
    from unnest($1::uuid[]) as u (id) join runtime.process_instance p on p.id = u.id`,
};

interface InstanceRow {
  id: string;
  namespace: string;
  process_id: string;
  process_version_id: string;
  process_name: string;
  process_version: number;
  number: number;
  started_by: string;
  origin: string;
  logical_time: number;
  params: JsonObject;
  status: ProcessStatus;
  phase: Phase;
  generation: number;
  seq: number;
  variables: JsonObject;
  outputs: JsonObject | null;
  error: Failure | null;
  waits_for: WaitsFor | null;
  state: RunState;
  started_at: number | null;
  finished_at: number | null;
  deadline_at: number | null;
  parent_id: string | null;
  parent_task_instance_id: string;
  parent_waits: boolean;
  ancestors: string[];
  slot_key: string | null;
  slot_limit: number;
  slot_policy: Slot['policy'];
}

/** A run as it stands in its row. */
export interface StoredInstance {
  readonly identity: InstanceIdentity;
  readonly seq: number;
  readonly run: Run;
}

/** Reads whole runs. */
export const loadInstances = async (queries: BatchQueries, ids: readonly string[]): Promise<StoredInstance[]> => {
  const { rows }: QueryResult<InstanceRow> = await queries.run<InstanceRow>(LOAD_INSTANCES, [binaryArray('uuid', ids)]);
  return rows.map((row) => ({
    identity: {
      id: row.id,
      namespace: row.namespace,
      processId: row.process_id,
      processVersionId: row.process_version_id,
      processName: row.process_name,
      processVersion: row.process_version,
      number: row.number,
      startedBy: row.started_by,
      origin: row.origin,
      logicalTime: row.logical_time,
      params: row.params,
      parent: parentOf(row),
    },
    seq: row.seq,
    run: {
      status: row.status,
      phase: row.phase,
      generation: row.generation,
      variables: row.variables,
      outputs: row.outputs,
      error: row.error,
      waitsFor: row.waits_for,
      slot: row.slot_key === null ? null : { key: row.slot_key, limit: row.slot_limit, policy: row.slot_policy },
      state: row.state,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      deadlineAt: row.deadline_at,
    },
  }));
};

const parentOf = (row: InstanceRow): ParentLink | null =>
  row.parent_id === null
    ? null
    : { instanceId: row.parent_id, taskInstanceId: row.parent_task_instance_id, waits: row.parent_waits, ancestors: row.ancestors };

const changedJson =
  (member: 'variables' | 'outputs' | 'error') =>
  ({ run, before }: InstanceWrite): string | null =>
    before !== null && before[member] === run[member] ? null : jsonText(run[member]);

const CHANGING: readonly Column<InstanceWrite>[] = [
  ['id', 'uuid', (write) => write.identity.id],
  ['status', 'text', (write) => write.run.status],
  ['phase', 'text', (write) => write.run.phase],
  ['generation', 'int', (write) => write.run.generation],
  ['seq', 'bigint', (write) => write.seq],
  ['variables', 'json', changedJson('variables')],
  ['outputs', 'json', changedJson('outputs')],
  ['error', 'json', (write) => (write.before !== null && write.before.error === write.run.error ? null : JSON.stringify(write.run.error))],
  ['state', 'json', (write) => write.stateText],
  ['started_at', 'time', (write) => write.run.startedAt],
  ['finished_at', 'time', (write) => write.run.finishedAt],
  ['deadline_at', 'time', (write) => write.run.deadlineAt],
  ['waits_for', 'json', (write) => jsonText(write.run.waitsFor)],
];

const NEW: readonly Column<InstanceWrite>[] = [
  ...CHANGING.filter(([name]) => name !== 'error'),
  ['error', 'json', changedJson('error')],
  ['namespace', 'text', (write) => write.identity.namespace],
  ['process_id', 'uuid', (write) => write.identity.processId],
  ['process_version_id', 'uuid', (write) => write.identity.processVersionId],
  ['process_name', 'text', (write) => write.identity.processName],
  ['process_version', 'int', (write) => write.identity.processVersion],
  ['number', 'bigint', (write) => write.identity.number],
  ['started_by', 'text', (write) => write.identity.startedBy],
  ['origin', 'text', (write) => write.identity.origin],
  ['logical_time', 'time', (write) => write.identity.logicalTime],
  ['params', 'json', (write) => JSON.stringify(write.identity.params)],
  ['slot_key', 'text', (write) => write.run.slot?.key ?? null],
  ['slot_limit', 'int', (write) => write.run.slot?.limit ?? null],
  ['slot_policy', 'text', (write) => write.run.slot?.policy ?? null],
  ['parent_id', 'uuid', (write) => write.identity.parent?.instanceId ?? null],
  ['parent_task_instance_id', 'uuid', (write) => write.identity.parent?.taskInstanceId ?? null],
  ['parent_waits', 'boolean', (write) => write.identity.parent?.waits ?? false],
  ['ancestors', 'json', (write) => JSON.stringify(write.identity.parent?.ancestors ?? [])],
];

/** Members of a run that a batch seldom touches: no value keeps what is stored; the text `null` clears an error. */
const KEPT = new Set(['variables', 'outputs', 'error']);
const assignment = (column: Column<InstanceWrite>): string => {
  const [name] = column;
  if (!KEPT.has(name)) return `${name} = ${converted(column)}`;
  return `${name} = case when u.${name} is null then p.${name} else nullif(${converted(column)}, 'null'::jsonb) end`;
};

export const INSERT_INSTANCES: Statement = { name: 'insert-instances', text: insertStatement('runtime.process_instance', NEW) };

export const UPDATE_INSTANCES: Statement = {
  name: 'update-instances',
  text: `update runtime.process_instance p set ${CHANGING.filter(([name]) => name !== 'id')
    .map(assignment)
    .join(', ')}
    from ${asTable(CHANGING)} where p.id = u.id`,
};

/** Writes new and changed runs. */
export const writeInstances = async (queries: BatchQueries, writes: readonly InstanceWrite[]): Promise<void> => {
  const created = writes.filter((write) => write.before === null);
  const changed = writes.filter((write) => write.before !== null);
  await Promise.all([
    created.length > 0 ? queries.run(INSERT_INSTANCES, asArrays(NEW, created)) : undefined,
    changed.length > 0 ? queries.run(UPDATE_INSTANCES, asArrays(CHANGING, changed)) : undefined,
  ]);
};
