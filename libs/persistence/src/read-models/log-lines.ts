import type { LogLine } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { decodeCursor, encodeCursor, INTEGER, UUID, type PageRequest } from './page.js';

/** Which lines of a run. */
export interface LogFilter {
  /** Of one node, or of one of its executions. */
  readonly task?: { readonly nodeId: string } | { readonly taskInstanceId: string };
}

/** Lines of a run. */
export interface LogLines {
  readonly items: LogLine[];
  /** Where to read on, also when nothing is left now: lines that come later stand after it. Null before the first line. */
  readonly cursor: string | null;
  /** True: there is more to read at once. */
  readonly more: boolean;
}

interface ChunkRow {
  readonly task_instance_id: string;
  readonly node_id: string | null;
  readonly attempt: number;
  readonly chunk: number;
  readonly saved_in: string;
  readonly lines: readonly { readonly at: number; readonly level: LogLine['level']; readonly text: string }[];
}

const CHUNKS_PER_PAGE = 64;

/**
 * Lines of a run in the order in which they were stored, whole chunks, about `limit` lines. Whoever reads on from the cursor misses
 * nothing: chunks of transactions that are still open, and of all later ones, are not shown yet. Throws `InvalidCursor`.
 */
export const readLogLines = async (pool: Pool, instanceId: string, filter: LogFilter, page: PageRequest): Promise<LogLines> => {
  const where = new Conditions();
  where.equal('c.process_instance_id', instanceId);
  // A minute after it was stored nothing before a chunk can be open; after a restored backup the numbers begin anew.
  where.and(`(c.saved_in < pg_snapshot_xmin(pg_current_snapshot()) or c.saved_at < now() - interval '1 minute')`);
  if (filter.task && 'nodeId' in filter.task) where.equal('t.node_id', filter.task.nodeId);
  if (filter.task && 'taskInstanceId' in filter.task) where.equal('c.task_instance_id', filter.task.taskInstanceId);
  if (page.cursor !== undefined) {
    const [savedIn, task, attempt, chunk] = decodeCursor(page.cursor, [INTEGER, UUID, INTEGER, INTEGER]).map((part) => where.value(part));
    where.and(`(c.saved_in, c.task_instance_id, c.attempt, c.chunk) > (${savedIn}::xid8, ${task}::uuid, ${attempt}::int, ${chunk}::int)`);
  }
  const { rows } = await pool.query<ChunkRow>(
    `select c.task_instance_id, t.node_id, c.attempt, c.chunk, c.saved_in::text as saved_in, c.lines from runtime.log_chunk c
       left join runtime.task_instance t on t.process_instance_id = c.process_instance_id and t.id = c.task_instance_id
      ${where} order by c.saved_in, c.task_instance_id, c.attempt, c.chunk limit ${where.value(CHUNKS_PER_PAGE + 1)}`,
    where.values,
  );
  const shown = untilLimit(rows.slice(0, CHUNKS_PER_PAGE), page.limit);
  const last = shown.at(-1);
  return {
    items: inOrderOfChunks(shown).flatMap(toLines),
    cursor: last ? encodeCursor([last.saved_in, last.task_instance_id, last.attempt, last.chunk]) : (page.cursor ?? null),
    more: rows.length > shown.length,
  };
};

/** Whole chunks until there are enough lines. */
const untilLimit = (rows: readonly ChunkRow[], limit: number): ChunkRow[] => {
  let lines = 0;
  const end = rows.findIndex((row) => (lines += row.lines.length) >= limit);
  return end === -1 ? [...rows] : rows.slice(0, end + 1);
};

/** Two log sinks may store a task's chunks out of turn: within a page its lines stand in the order in which it wrote them. */
const inOrderOfChunks = (rows: readonly ChunkRow[]): ChunkRow[] => {
  const keyOf = (row: ChunkRow) => `${row.task_instance_id} ${row.attempt}`;
  const queues = Map.groupBy(rows, keyOf);
  for (const queue of queues.values()) queue.sort((a, b) => a.chunk - b.chunk);
  return rows.flatMap((row) => queues.get(keyOf(row))?.shift() ?? []);
};

const toLines = (row: ChunkRow): LogLine[] =>
  row.lines.map(({ at, level, text }) => ({
    taskInstanceId: row.task_instance_id,
    nodeId: row.node_id ?? '',
    attempt: row.attempt,
    at: new Date(at).toISOString(),
    level,
    text,
  }));
