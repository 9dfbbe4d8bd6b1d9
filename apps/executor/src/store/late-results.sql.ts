import type { LateResult } from '@orderlines/contracts';
import type { FinishedEvent } from '@orderlines/process-engine';
import type { BatchQueries, Statement } from './batch-session.js';
import { asArrays, asTable, type Column } from './columns.js';
import type { OfRun } from './tasks.sql.js';

interface LateRow {
  readonly instanceId: string;
  readonly taskInstanceId: string;
  readonly late: LateResult;
}

const COLUMNS: readonly Column<LateRow>[] = [
  ['process_instance_id', 'uuid', (row) => row.instanceId],
  ['id', 'uuid', (row) => row.taskInstanceId],
  ['attempt', 'int', (row) => row.late.attempt],
  ['dispatch', 'int', (row) => row.late.dispatch],
  ['late_result', 'json', (row) => JSON.stringify(row.late)],
];

/** Only a worker's word brings the number of its log chunks: where it stands, this attempt has been heard and the word is a repeat. */
export const WRITE_LATE_RESULTS: Statement = {
  name: 'write-late-results',
  text: `update runtime.task_instance t set late_result = u.late_result::jsonb
    from ${asTable(COLUMNS)} where t.process_instance_id = u.process_instance_id and t.id = u.id
      and not (t.attempt = u.attempt and t.dispatch = u.dispatch and t.log_chunks is not null)
      and not exists (select from runtime.task_attempt a where a.process_instance_id = u.process_instance_id
        and a.task_instance_id = u.id and a.attempt = u.attempt and a.log_chunks is not null)`,
};

/** Keeps what workers said too late; what they only said again changes nothing. `now` is epoch milliseconds. */
export const writeLateResults = async (queries: BatchQueries, unheard: readonly OfRun<FinishedEvent>[], now: number): Promise<void> => {
  const newest = new Map<string, LateRow>();
  for (const { instanceId, row } of unheard) {
    const late = lateResult(row, now);
    if (late !== null) newest.set(row.taskInstanceId, { instanceId, taskInstanceId: row.taskInstanceId, late });
  }
  if (newest.size > 0) await queries.run(WRITE_LATE_RESULTS, asArrays(COLUMNS, [...newest.values()]));
};

/** That an attempt was stopped is no news. */
const lateResult = ({ attempt, dispatch, worker, outcome }: FinishedEvent, now: number): LateResult | null => {
  if (outcome.status === 'STOP') return null;
  return {
    attempt,
    dispatch,
    worker: worker ?? null,
    at: new Date(now).toISOString(),
    status: outcome.status,
    ...(outcome.status === 'FAILURE' && { error: outcome.failure }),
    ...(outcome.result !== undefined && { result: outcome.result }),
  };
};
