import type { JsonObject, Phase, ProcessStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { asMilliseconds } from './columns.js';

/** What a restart takes over from a run. */
export interface RestartableRun {
  readonly status: ProcessStatus;
  readonly phase: Phase;
  readonly processVersionId: string;
  readonly params: JsonObject;
  readonly logicalTime: number;
}

/** Reads it; null when there is no such run. */
export const readRestartable = async (pool: Pool, instanceId: string): Promise<RestartableRun | null> => {
  const { rows } = await pool.query<RestartableRun>({
    name: 'restartable',
    text: `select status, phase, process_version_id as "processVersionId", params, ${asMilliseconds('logical_time', '"logicalTime"')}
      from runtime.process_instance where id = $1`,
    values: [instanceId],
  });
  return rows[0] ?? null;
};
