import type { Fact } from '@orderlines/process-engine';
import type { BatchQueries, Statement } from './batch-session.js';
import { asArrays, insertStatement, type Column } from './columns.js';

/** What became known about a run in one transition; `seq` is gapless and equals the run's version. */
export interface HistoryEntry {
  readonly instanceId: string;
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly facts: readonly Fact[];
  /** JSON of the facts. */
  readonly text: string;
}

const COLUMNS: readonly Column<HistoryEntry>[] = [
  ['process_instance_id', 'uuid', (entry) => entry.instanceId],
  ['seq', 'bigint', (entry) => entry.seq],
  ['at', 'time', (entry) => entry.at],
  ['facts', 'json', (entry) => entry.text],
];

export const INSERT_HISTORY: Statement = { name: 'insert-history', text: insertStatement('runtime.history', COLUMNS) };

/** Writes history rows. */
export const writeHistory = async (queries: BatchQueries, entries: readonly HistoryEntry[]): Promise<void> => {
  if (entries.length > 0) await queries.run(INSERT_HISTORY, asArrays(COLUMNS, entries));
};
