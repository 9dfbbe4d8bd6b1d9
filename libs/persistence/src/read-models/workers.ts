import { TaskTypeManifest, type Json, type WorkerView } from '@orderlines/contracts';
import type { Pool } from 'pg';

interface SessionRow {
  readonly id: string;
  readonly worker: string;
  readonly version: string;
  readonly queues: string[];
  readonly slots: number;
  readonly busy: number;
  readonly draining: boolean;
  readonly task_types: Json[];
  readonly started_at: Date;
  readonly seen_at: Date;
}

/** What a worker told about its task types; what is not understood (a newer worker's) is left out. */
const manifestsOf = (taskTypes: readonly Json[]): TaskTypeManifest[] =>
  taskTypes.flatMap((taskType) => {
    const parsed = TaskTypeManifest.safeParse(taskType);
    return parsed.success ? [parsed.data] : [];
  });

const nameOf = ({ name, version }: TaskTypeManifest) => `${name}@${version}`;

const toView = (row: SessionRow): WorkerView => ({
  session: row.id,
  name: row.worker,
  version: row.version,
  queues: row.queues,
  slots: row.slots,
  busy: row.busy,
  draining: row.draining,
  taskTypes: manifestsOf(row.task_types).map(nameOf),
  startedAt: row.started_at.toISOString(),
  seenAt: row.seen_at.toISOString(),
});

/** Workers that gave a sign of life within `withinMs`, by name. */
export const listWorkers = async (pool: Pool, withinMs: number): Promise<WorkerView[]> => {
  const { rows } = await pool.query<SessionRow>(
    `select id, worker, version, queues, slots, busy, draining, task_types, started_at, seen_at from runtime.worker_session
      where ended_at is null and seen_at > now() - $1::bigint * interval '1 millisecond' order by worker, started_at`,
    [withinMs],
  );
  return rows.map(toView);
};

/** Every task type that some worker has offered, each version once as the newest session told it, by name. */
export const listTaskTypes = async (pool: Pool): Promise<TaskTypeManifest[]> => {
  const { rows } = await pool.query<{ task_types: Json[] }>('select task_types from runtime.worker_session order by seen_at');
  const byName = new Map(rows.flatMap((row) => manifestsOf(row.task_types)).map((manifest) => [nameOf(manifest), manifest]));
  return [...byName.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
};
