import type { BatchQueries, Statement } from './batch-session.js';

/** Taken in one order by everybody: who starts a run in a namespace with a quota sees what others have started before. */
const LOCK_QUOTAS: Statement = {
  name: 'lock-quotas',
  text: `select name, max_unfinished_runs as most from access.namespace
    where name = any ($1::text[]) and max_unfinished_runs is not null order by name for no key update`,
};

/** Counted no further than the quota; walks the unfinished runs in the order of their start. */
const COUNT_UNFINISHED: Statement = {
  name: 'count-unfinished-runs',
  text: `select count(*)::int as count from (
      select from runtime.process_instance p where p.status in ('PENDING', 'RUNNING', 'PAUSED') and p.namespace = $1 order by p.id limit $2) u`,
};

/** How many runs may be started in each of the namespaces; those without a quota are not named. Holds their rows to the end of the transaction. */
export const lockFreeRuns = async (queries: BatchQueries, namespaces: readonly string[]): Promise<Map<string, number>> => {
  const { rows } = await queries.run<{ name: string; most: number }>(LOCK_QUOTAS, [namespaces]);
  const counts = await Promise.all(rows.map(({ name, most }) => queries.run<{ count: number }>(COUNT_UNFINISHED, [name, most])));
  return new Map(rows.map(({ name, most }, place) => [name, most - (counts[place]?.rows[0]?.count ?? 0)]));
};
