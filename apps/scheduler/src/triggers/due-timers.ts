import { expire } from '@orderlines/triggers';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../clock.js';
import { inTransaction } from '../transaction.js';
import { StartAllowance, startVerdict, UNREADABLE, type Verdict } from './verdict.js';
import { insertEvaluations, type EvaluationWrite } from './evaluations.sql.js';
import { readStartsOfMinute } from './hearing.sql.js';
import { takeDueTimers, writeTimer, type DueTimer } from './timers.sql.js';
import type { TriggerRules } from './trigger-rules.js';

const AT_ONCE = 200;

/** Ends quiet times, and tells of what did not happen, when their time has come; each timer is taken by one scheduler. */
export class DueTimers {
  constructor(
    private readonly pool: Pool,
    private readonly rules: TriggerRules,
    private readonly clock: Clock,
  ) {}

  /** One look; gives the number of runs to start, and whether there may be more timers. */
  expire(): Promise<{ readonly toStart: number; readonly isMore: boolean }> {
    return inTransaction(this.pool, async (client) => {
      const now = this.clock.now();
      const due = await takeDueTimers(client, now, AT_ONCE);
      const ids = [...new Set(due.map(({ trigger }) => trigger.id))];
      const allowance = new StartAllowance(await readStartsOfMinute(client, ids, now));
      const writes: EvaluationWrite[] = [];
      for (const timer of due) writes.push(await this.end(client, timer, allowance, now));
      await insertEvaluations(client, writes, now);
      return { toStart: writes.filter(({ verdict }) => verdict.outcome === 'starting').length, isMore: due.length === AT_ONCE };
    });
  }

  private async end(client: PoolClient, due: DueTimer, allowance: StartAllowance, now: number): Promise<EvaluationWrite> {
    const { trigger, key, timer } = due;
    const rule = this.rules.of(trigger);
    const { isDue, next } = rule === null ? { isDue: false, next: null } : expire(timer, rule.absence, now);
    await writeTimer(client, { triggerId: trigger.id, key }, next && { ...next, depth: 0 });
    const what = rule?.debounce ? 'quiet' : 'absence';
    return {
      triggerId: trigger.id,
      key: `${what} ${key} ${new Date(timer.since).toISOString()} ${new Date(timer.dueAt).toISOString()}`,
      type: what,
      at: new Date(timer.dueAt),
      event: timer.events.at(-1) ?? null,
      correlation: key,
      depth: timer.depth,
      verdict: isDue ? allowance.judge(this.start(due), trigger) : HAPPENED,
    };
  }

  private start({ trigger, timer }: DueTimer): Verdict {
    const rule = this.rules.of(trigger);
    if (rule === null) return UNREADABLE;
    const span = { since: new Date(timer.since).toISOString(), until: new Date(timer.dueAt).toISOString() };
    const { events } = timer;
    const roots = { event: events.at(-1) ?? null, events, ...(rule.absence !== null && { absence: span }) };
    return startVerdict(trigger, rule, roots, timer.depth);
  }
}

const HAPPENED: Verdict = { outcome: 'noted', reason: 'happened', message: 'it has happened in time' };
