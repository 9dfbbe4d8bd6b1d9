import type { Pool } from 'pg';

/** Makes the monthly partitions of the run tables from last month to `monthsAhead` (3); cheap when they are there. */
export const ensurePartitions = async (pool: Pool, monthsAhead = 3): Promise<void> => {
  await pool.query('select runtime.ensure_partitions($1)', [monthsAhead]);
};
