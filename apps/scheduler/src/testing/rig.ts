import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { SchedulePlan, type ScheduleCallback, type SlotStatus } from '@orderlines/contracts';
import { createPool, Parameters, runMigrations } from '@orderlines/persistence';
import { ExecutorClient } from '@orderlines/rpc';
import { createLogger } from '@orderlines/service-host';
import { startPostgres } from '@orderlines/testing';
import { readTimetable } from '@orderlines/timetable';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { schedulerDefaults } from '../config.js';
import { SchedulerMetrics } from '../metrics.js';
import { Scheduler } from '../scheduler.js';
import { ScriptedExecutor } from './scripted-executor.js';

/** A schedule for a test; what is left out has its default. */
export interface GivenSchedule {
  readonly plan: z.input<typeof SchedulePlan>;
  readonly processId?: string;
  readonly version?: number;
  readonly overlap?: string;
  readonly overlapLimit?: number;
  readonly missed?: string;
  readonly catchUp?: string;
  readonly confirmGroups?: readonly string[];
  readonly callbacks?: readonly ScheduleCallback[];
  readonly pauseOnFailure?: boolean;
  readonly remaining?: number;
  readonly params?: object;
}

/** A row of the ledger as tests look at it. */
export interface LedgerRow {
  readonly id: string;
  readonly slot: string;
  readonly status: SlotStatus;
  readonly reason: string | null;
  readonly message: string | null;
  readonly series: string;
}

/** Schedulers on a real database with a clock that tests put forward, and a peer that speaks the executor's protocol. */
export class Rig {
  now = Date.parse('2026-11-23T12:00:00Z');
  readonly logger = createLogger('scheduler', (process.env['ORDERLINES_LOG_LEVEL'] ?? 'silent') as 'silent');

  private constructor(
    readonly databaseUrl: string,
    readonly pool: Pool,
    readonly parameters: Parameters,
    readonly executor: ScriptedExecutor & { readonly address: string },
    private readonly release: () => Promise<void>,
  ) {}

  static async start(): Promise<Rig> {
    const postgres = await startPostgres();
    const url = await postgres.createDatabase(runMigrations);
    const pool = createPool(url, { name: 'test', max: 12 });
    const parameters = new Parameters(pool, createLogger('test', 'silent'));
    return new Rig(url, pool, parameters, await ScriptedExecutor.start(pool), () => postgres.close());
  }

  /** A scheduler whose rounds the test makes itself. */
  scheduler(nats?: NatsConnection): Scheduler {
    const { pool, parameters, logger } = this;
    const executor = new ExecutorClient({ addresses: async () => [this.executor.address], logger });
    const config = { ...schedulerDefaults, databaseUrl: this.databaseUrl, clock: { now: () => this.now } };
    return new Scheduler({ config, pool, parameters, executor, nats, metrics: new SchedulerMetrics(), logger });
  }

  /** Makes every round once, in the order in which one leads to the other. */
  async round(scheduler: Scheduler): Promise<void> {
    while ((await scheduler.due.decide()).isMoreDue);
    await scheduler.confirmed.admit();
    await scheduler.backfills.advance();
    while (await scheduler.starts.startAll());
    await scheduler.ends.look();
    while (await scheduler.starts.startAll());
    await scheduler.callbacks.tell();
  }

  async process(name = `p-${randomUUID().slice(0, 8)}`): Promise<string> {
    const id = randomUUID();
    await this.pool.query(
      `insert into definition.process (id, namespace, name, latest_version, created_by, updated_by) values ($1, 'default', $2, 1, 't', 't')`,
      [id, name],
    );
    await this.pool.query(
      `insert into definition.process_version (id, process_id, number, document, source, source_format, digest, created_by)
        values (gen_random_uuid(), $1, 1, '{}', '', 'yaml', '\\x00', 't')`,
      [id],
    );
    return id;
  }

  async schedule(given: GivenSchedule): Promise<string> {
    const id = randomUUID();
    const plan = SchedulePlan.parse(given.plan);
    const { timetable } = readTimetable(plan, { calendars: {}, seed: id });
    const next = timetable?.next(this.now) ?? null;
    await this.pool.query(
      `insert into schedule.schedule (id, namespace, name, process_id, process_version, plan, params, overlap, overlap_limit, missed, catch_up,
          confirm_groups, callbacks, pause_on_failure, remaining, state, state_by, state_at, next_slot_at, next_due_at, created_by, updated_by)
        values ($1, 'default', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'active', 't', now(), $15, $16, 't', 't')`,
      [
        ...[id, `s-${id.slice(0, 8)}`, given.processId ?? (await this.process()), given.version ?? null, plan, given.params ?? {}],
        ...[given.overlap ?? 'skip', given.overlapLimit ?? 1, given.missed ?? 'last', given.catchUp ?? '1d', given.confirmGroups ?? null],
        ...[JSON.stringify(given.callbacks ?? []), given.pauseOnFailure ?? false, given.remaining ?? null],
        ...[next && new Date(next.at), next && new Date(next.dueAt)],
      ],
    );
    return id;
  }

  /** The ledger of a schedule in the order of its slots; times without their date. */
  async ledger(scheduleId: string): Promise<LedgerRow[]> {
    const { rows } = await this.pool.query<LedgerRow & { slot_at: Date }>(
      'select id, slot_at, status, reason, message, series from schedule.slot where schedule_id = $1 order by slot_at, series',
      [scheduleId],
    );
    return rows.map(({ slot_at, ...row }) => ({ ...row, slot: slot_at.toISOString().slice(11, 19) }));
  }

  /** The ledger as lines: time and status, with the reason where there is one. */
  async lines(scheduleId: string): Promise<string[]> {
    return (await this.ledger(scheduleId)).map(({ slot, status, reason }) => `${slot} ${status}${reason ? ` ${reason}` : ''}`);
  }

  async state(scheduleId: string): Promise<{ state: string; note: string; remaining: number | null; next_slot_at: Date | null }> {
    const { rows } = await this.pool.query('select state, note, remaining, next_slot_at from schedule.schedule where id = $1', [
      scheduleId,
    ]);
    return rows[0] as { state: string; note: string; remaining: number | null; next_slot_at: Date | null };
  }

  async close(): Promise<void> {
    this.executor.close();
    await this.pool.end();
    await this.release();
  }
}
