import { isTerminalProcess, type ProcessStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { notFound } from '../problems/request-refused.js';

/** How far a run has come. */
export interface RunPosition {
  /** Number of its newest history row. */
  readonly seq: number;
  readonly ended: boolean;
}

/** Reads it; refused when there is no such run. */
export const readRunPosition = async (pool: Pool, instanceId: string): Promise<RunPosition> => {
  const { rows } = await pool.query<{ seq: number; status: ProcessStatus }>({
    name: 'run-position',
    text: 'select seq, status from runtime.process_instance where id = $1',
    values: [instanceId],
  });
  const [run] = rows;
  if (!run) throw notFound('instance.not-found', `There is no run ${instanceId}.`);
  return { seq: run.seq, ended: isTerminalProcess(run.status) };
};
