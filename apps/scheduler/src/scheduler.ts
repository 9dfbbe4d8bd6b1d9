import type { NatsConnection } from '@nats-io/transport-node';
import type { Parameters } from '@orderlines/persistence/postgres';
import type { ExecutorClient } from '@orderlines/rpc';
import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { Backfills } from './backfills/backfills.js';
import { Callbacks } from './callbacks/callbacks.js';
import type { SchedulerConfig } from './config.js';
import { RunEnds } from './ends/run-ends.js';
import { ConfirmedSlots } from './firing/confirmed-slots.js';
import { DueSlots } from './firing/due-slots.js';
import { forget } from './housekeeping.js';
import type { SchedulerMetrics } from './metrics.js';
import { RunStarts } from './starts/run-starts.js';
import { Timetables } from './timetables.js';
import { TriggerRounds } from './triggers/trigger-rounds.js';

/** Leftovers of others, and runs that somebody wants now, are looked for so often. */
const STARTS_EVERY_MS = 500;
const ENDS_EVERY_MS = 400;
const SELDOM_MS = 1_000;
const HOUSEKEEPING_MS = 3_600_000;
/** What is due but held by another scheduler is looked at again after this. */
const SHORTEST_LOOK_MS = 20;

/** What a scheduler works with. */
export interface SchedulerSurroundings {
  readonly config: SchedulerConfig;
  readonly pool: Pool;
  readonly parameters: Parameters;
  readonly executor: ExecutorClient;
  /** Absent: triggers hear no events. */
  readonly nats?: NatsConnection | undefined;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/** Slots as they become due, their starts, their ends, and what follows: each a loop of its own over rows that any scheduler may take. */
export class Scheduler {
  readonly due: DueSlots;
  readonly confirmed: ConfirmedSlots;
  readonly starts: RunStarts;
  readonly ends: RunEnds;
  readonly backfills: Backfills;
  readonly callbacks: Callbacks;
  readonly triggers: TriggerRounds;
  private loops: readonly Repetition[] = [];
  private startLoop: Repetition | undefined;

  constructor(private readonly surroundings: SchedulerSurroundings) {
    const { config, pool, parameters, executor, metrics, logger } = surroundings;
    const { clock } = config;
    this.due = new DueSlots(pool, new Timetables(), parameters, clock, metrics);
    this.confirmed = new ConfirmedSlots(pool, clock);
    this.starts = new RunStarts(pool, executor, config.leaseMs, clock, metrics, logger);
    this.ends = new RunEnds(pool, executor, clock, metrics, logger);
    this.backfills = new Backfills(pool, clock);
    this.callbacks = new Callbacks(pool, executor, clock, logger);
    this.triggers = new TriggerRounds(surroundings);
  }

  start(): void {
    const { config, pool } = this.surroundings;
    this.startLoop = this.loop('starts', STARTS_EVERY_MS, async () => ((await this.starts.startAll()) ? 0 : undefined));
    this.loops = [
      this.startLoop,
      this.loop('due slots', config.lookMs, () => this.lookForDue()),
      this.loop('ends', ENDS_EVERY_MS, async () => this.startMore(await this.ends.look())),
      this.loop('confirmed slots', SELDOM_MS, async () => this.startMore(await this.confirmed.admit())),
      this.loop('backfills', SELDOM_MS, async () => this.startMore(await this.backfills.advance())),
      this.loop('callbacks', SELDOM_MS, () => this.callbacks.tell()),
      ...this.triggers.start((name, everyMs, round) => this.loop(name, everyMs, round)),
      this.loop('housekeeping', HOUSEKEEPING_MS, async () => ((await forget(pool, config.clock)) ? SELDOM_MS : undefined)),
    ];
  }

  async stop(): Promise<void> {
    await this.triggers.stop();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Decides what is due; gives how long to wait for the next slot, when that is sooner than the next look. */
  private async lookForDue(): Promise<number> {
    const { toStart, isMoreDue } = await this.due.decide();
    this.startMore(toStart);
    if (isMoreDue) return 0;
    return Math.min(Math.max(await this.due.untilNext(), SHORTEST_LOOK_MS), this.surroundings.config.lookMs);
  }

  private startMore(count: number): void {
    if (count > 0) this.startLoop?.wake();
  }

  private loop(name: string, everyMs: number, round: () => Promise<number | void>): Repetition {
    const { logger, metrics } = this.surroundings;
    const failed = (error: unknown) => {
      metrics.failed(name);
      logger.warn({ err: error, round: name }, `a round for ${name} failed; it is made again`);
    };
    return repeat({ everyMs, round, failed, atOnce: true });
  }
}
