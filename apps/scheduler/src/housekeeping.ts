import type { Pool } from 'pg';
import type { Clock } from './clock.js';
import { forgetEvaluations } from './triggers/evaluations.sql.js';

/** How long the ledger keeps a slot. */
export const LEDGER_DAYS = 90;
const ROWS_AT_ONCE = 10_000;

/** Forgets slots that are long past, a bounded number at a time; gives whether there may be more. */
export const forgetSlots = async (pool: Pool, clock: Clock): Promise<boolean> => {
  const { rowCount } = await pool.query(
    `delete from schedule.slot where id in (
      select id from schedule.slot where created_at < $1 and finished_at is not null order by created_at limit $2 for update skip locked)`,
    [new Date(clock.now() - LEDGER_DAYS * 86_400_000), ROWS_AT_ONCE],
  );
  return rowCount === ROWS_AT_ONCE;
};

/** Forgets what is long past; gives whether there may be more. */
export const forget = async (pool: Pool, clock: Clock): Promise<boolean> => {
  const slots = await forgetSlots(pool, clock);
  return (await forgetEvaluations(pool, clock.now())) || slots;
};
