import type { RunGrid, RunGridCell, TaskStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { listInstances } from './instance-list.js';
import type { Limited } from './row-limits.js';

interface Row {
  readonly run: string;
  readonly node: string;
  readonly uses: string;
  readonly status: TaskStatus;
  readonly executions: number;
  /** Id of the first execution: ids are in the order in which executions came to be. */
  readonly first: string;
  readonly started_at: Date | null;
  /** Null while one of them goes on. */
  readonly finished_at: Date | null;
}

/** Which runs: the newest ones of a process. */
export interface RunGridRequest extends Limited {
  readonly processId: string;
  readonly limit: number;
}

/** The newest runs of a process by the nodes they reached; nodes stand in the order of the newest run that reached them. */
export const readRunGrid = async (pool: Pool, { processId, limit, limits }: RunGridRequest): Promise<RunGrid> => {
  const { items: runs } = await listInstances(pool, { processId, limits }, { limit });
  const { rows } = await pool.query<Row>(
    `select process_instance_id as run, node_id as node, coalesce(uses, type) as uses, status, count(*)::int as executions,
        min(id::text) as first, min(started_at) as started_at, case when bool_and(finished_at is not null) then max(finished_at) end as finished_at
       from runtime.task_instance where process_instance_id = any ($1::uuid[]) and kind = 'node'
      group by process_instance_id, node_id, coalesce(uses, type), status
      order by process_instance_id desc, first`,
    [runs.map(({ id }) => id)],
  );
  const byNode = Map.groupBy(rows, ({ node }) => node);
  return {
    runs,
    nodes: [...byNode].map(([id, ofNode]) => {
      const byRun = Map.groupBy(ofNode, ({ run }) => run);
      return { id, uses: ofNode[0]?.uses ?? '', cells: runs.map((run) => cellOf(byRun.get(run.id))) };
    }),
  };
};

const cellOf = (rows: readonly Row[] | undefined): RunGridCell | null => {
  if (rows === undefined) return null;
  const started = rows.flatMap(({ started_at }) => started_at?.getTime() ?? []);
  const finished = rows.flatMap(({ finished_at }) => finished_at?.getTime() ?? []);
  return {
    statuses: Object.fromEntries(rows.map(({ status, executions }) => [status, executions])),
    startedAt: started.length === 0 ? null : new Date(Math.min(...started)).toISOString(),
    finishedAt: finished.length < rows.length ? null : new Date(Math.max(...finished)).toISOString(),
  };
};
