import type { LogLine, LogPage, LogQuery } from '@orderlines/contracts';
import { readIncompleteLogs, readLogLines, type IncompleteLog, type LogFilter } from '@orderlines/persistence';
import { pause } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { z } from 'zod';
import { requireId } from '../instance/instances.js';
import { readRunPosition } from '../instance/run-position.js';

/** Lines that are read at once while following. */
const PAGE = 1_000;
const POLL_MS = 200;
const IDLE_POLL_MS = 1_000;
/** So long after its end a run's last lines may still be on their way; what is missing then is a gap. */
const LATE_MS = 10_000;

/** Lines of a run, and where to read on. */
export interface FollowedLines {
  readonly lines: readonly LogLine[];
  readonly cursor: string | null;
}

/** What the tasks of runs wrote. */
export class InstanceLogs {
  constructor(private readonly pool: Pool) {}

  /** A page of lines in the order in which they were stored. */
  async page(id: string, { cursor, limit, task }: LogQuery): Promise<LogPage> {
    const instanceId = requireId(id);
    await readRunPosition(this.pool, instanceId);
    const page = await readLogLines(this.pool, instanceId, filterOf(task), { limit, ...(cursor && { cursor }) });
    return { items: page.items, nextCursor: page.more ? page.cursor : null };
  }

  /** All lines behind the cursor and those that come, until the run has ended and its log is whole. Refused when there is no such run. */
  async follow(
    id: string,
    task: string | undefined,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<FollowedLines, void>> {
    const instanceId = requireId(id);
    await readRunPosition(this.pool, instanceId);
    return this.lines(instanceId, filterOf(task), after ?? null, signal);
  }

  private async *lines(
    instanceId: string,
    filter: LogFilter,
    after: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<FollowedLines, void> {
    const end = new EndOfLog(this.pool, instanceId);
    for (let cursor = after, quiet = 0; !signal.aborted;) {
      // Asked before the lines are read: what is whole now has no lines behind those that are read next.
      const whole = quiet > 0 && (await end.reached());
      const page = await readLogLines(this.pool, instanceId, filter, { limit: PAGE, ...(cursor === null ? {} : { cursor }) });
      cursor = page.cursor;
      if (page.items.length > 0) yield { lines: page.items, cursor };
      if (page.more) continue;
      if (whole) {
        const gaps = await end.gaps();
        if (gaps.length > 0) yield { lines: gaps, cursor };
        return;
      }
      quiet = page.items.length > 0 ? 1 : quiet + 1;
      await pause(Math.min(POLL_MS * quiet, IDLE_POLL_MS), signal);
    }
  }
}

/** Finds out when nothing more can come. */
class EndOfLog {
  private endedAt: number | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly instanceId: string,
  ) {}

  async reached(): Promise<boolean> {
    const { ended } = await readRunPosition(this.pool, this.instanceId);
    if (!ended) return false;
    this.endedAt ??= Date.now();
    if (Date.now() - this.endedAt > LATE_MS) return true;
    return (await readIncompleteLogs(this.pool, this.instanceId)).length === 0 && !(await this.hidden());
  }

  /** A line for each attempt that lost some. */
  async gaps(): Promise<LogLine[]> {
    return (await readIncompleteLogs(this.pool, this.instanceId)).map(gapLine);
  }

  /** Chunks that are stored and not shown yet, because a transaction before theirs is still open. */
  private async hidden(): Promise<boolean> {
    const { rows } = await this.pool.query<{ hidden: boolean }>({
      name: 'hidden-log-chunks',
      text: `select exists (select from runtime.log_chunk where process_instance_id = $1
        and saved_in >= pg_snapshot_xmin(pg_current_snapshot()) and saved_at >= now() - interval '1 minute') as hidden`,
      values: [this.instanceId],
    });
    return rows[0]?.hidden ?? false;
  }
}

const gapLine = ({ taskInstanceId, nodeId, attempt, sent, stored }: IncompleteLog): LogLine => ({
  ...{ taskInstanceId, nodeId, attempt },
  at: new Date().toISOString(),
  level: 'warn',
  text: `… ${sent - stored} of the ${sent} parts of this log did not arrive.`,
});

const filterOf = (task: string | undefined): LogFilter => {
  if (task === undefined) return {};
  return { task: z.uuid().safeParse(task).success ? { taskInstanceId: task } : { nodeId: task } };
};
