import type { SlotStatus } from '@orderlines/contracts';
import { Counter, createMetrics, Histogram, type Registry } from '@orderlines/service-host';

/** Counters of the scheduler. */
export class SchedulerMetrics {
  readonly registry: Registry = createMetrics('scheduler');
  private readonly slots = new Counter({
    name: 'orderlines_scheduler_slots_total',
    help: 'Slots by what they became',
    labelNames: ['status'] as const,
    registers: [this.registry],
  });
  private readonly lateness = new Histogram({
    name: 'orderlines_scheduler_lateness_seconds',
    help: 'From the moment at which a slot of a plan is due until its run is started',
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30, 60, 600],
    registers: [this.registry],
  });
  private readonly failures = new Counter({
    name: 'orderlines_scheduler_failed_rounds_total',
    help: 'Rounds that failed and are made again, by what they are for',
    labelNames: ['round'] as const,
    registers: [this.registry],
  });

  became(status: SlotStatus, count = 1): void {
    this.slots.inc({ status }, count);
  }

  started(latenessMs: number): void {
    this.lateness.observe(Math.max(latenessMs, 0) / 1_000);
  }

  failed(round: string): void {
    this.failures.inc({ round });
  }
}
