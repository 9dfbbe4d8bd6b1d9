import type { RunEvent } from '@orderlines/process-engine';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { BatchItem } from '../instance/batch-item.js';
import type { AlarmClock } from './alarm-clock.js';
import type { ConnectionAge } from './connection-age.js';
import { readDue, type Due, type DueNow } from './due.sql.js';

/** Looked at least this often, for timers that other executors set. */
const LOOK_EVERY_MS = 1_000;

/** Lets due timers and deadlines into the batches; due rows are only read here, the event decides under the run's lock. */
export class TimersInput {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  /** What has been submitted and not settled: not submitted again. */
  private readonly underway = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly age: ConnectionAge,
    private readonly alarm: AlarmClock,
    /** Epoch milliseconds of the oldest message in RUNS, or null when it is empty. */
    private readonly oldestInput: () => Promise<number | null>,
    private readonly submit: (item: BatchItem) => void,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.alarm.wait(LOOK_EVERY_MS, this.stopping.signal);
      if (this.stopping.signal.aborted || this.age.connectedMs === 0) continue;
      await this.look().catch((error: unknown) => this.logger.warn({ err: error }, 'could not read what is due'));
    }
  }

  private async look(): Promise<void> {
    const due = await readDue(this.pool);
    const limits = [...due.timers.filter((timer) => timer.kind === 'teardown'), ...due.tasks, ...due.processes];
    const oldest = limits.length > 0 ? await this.oldestInput() : null;
    // A result that is older than a limit wins against it; waits and repeats hurt nobody's result.
    const fires = (limit: Due) => (oldest === null || oldest > limit.dueAt) && this.age.mayFire(limit.madeAt, due.now);
    this.fireTimers(due, fires);
    for (const task of due.tasks.filter(fires)) {
      const reason = task.status === 'PENDING' ? 'timeout.queue' : 'timeout.run';
      this.fire(task.instanceId, `${task.id}.${task.attempt}`, {
        kind: 'deadline',
        taskInstanceId: task.id,
        attempt: task.attempt,
        reason,
      });
    }
    for (const process of due.processes.filter(fires)) this.fire(process.instanceId, process.instanceId, { kind: 'process-deadline' });
  }

  private fireTimers({ timers }: DueNow, fires: (limit: Due) => boolean): void {
    for (const timer of timers) {
      if (timer.kind !== 'teardown' || fires(timer)) this.fire(timer.instanceId, timer.id, { kind: 'timer', timerId: timer.id });
    }
  }

  private fire(instanceId: string, key: string, event: RunEvent): void {
    if (this.underway.has(key)) return;
    this.underway.add(key);
    this.submit({
      kind: 'event',
      instanceId,
      event,
      bytes: 100,
      alone: false,
      waitsUntil: null,
      settle: (outcome) => {
        this.underway.delete(key);
        if (outcome.kind === 'failed') this.logger.error({ err: outcome.error, instanceId, event }, 'a due event could not be applied');
      },
    });
  }
}
