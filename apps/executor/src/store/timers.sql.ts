import type { TimerRow } from '@orderlines/process-engine';
import type { BatchQueries, Statement } from './batch-session.js';
import { asArrays, asTable, insertStatement, type Column } from './columns.js';
import type { OfRun } from './tasks.sql.js';

const COLUMNS: readonly Column<OfRun<TimerRow>>[] = [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ['id', 'uuid', ({ row }) => row.id],
  ['kind', 'text', ({ row }) => row.kind],
  ['task_instance_id', 'uuid', ({ row }) => row.taskInstanceId],
  ['due_at', 'time', ({ row }) => row.dueAt],
];
const KEY: readonly Column<OfRun<string>>[] = [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ['id', 'uuid', ({ row }) => row],
];

export const SET_TIMERS: Statement = {
  name: 'set-timers',
  text: insertStatement('runtime.timer', COLUMNS, 'on conflict (process_instance_id, id) do update set due_at = excluded.due_at'),
};

export const CLEAR_TIMERS: Statement = {
  name: 'clear-timers',
  text: `delete from runtime.timer t using ${asTable(KEY)} where t.process_instance_id = u.process_instance_id and t.id = u.id`,
};

/** Sets and clears timers. */
export const writeTimers = async (
  queries: BatchQueries,
  set: readonly OfRun<TimerRow>[],
  cleared: readonly OfRun<string>[],
): Promise<void> => {
  await Promise.all([
    set.length > 0 ? queries.run(SET_TIMERS, asArrays(COLUMNS, set)) : undefined,
    cleared.length > 0 ? queries.run(CLEAR_TIMERS, asArrays(KEY, cleared)) : undefined,
  ]);
};
