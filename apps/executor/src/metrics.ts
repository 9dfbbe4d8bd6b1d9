import { Counter, createMetrics, Gauge, Histogram, type Registry } from '@orderlines/service-host';
import type { BatchItem } from './instance/batch-item.js';
import type { CommittedBatch } from './instance/instance-runner.js';

/** Counters of the executor. */
export class ExecutorMetrics {
  readonly registry: Registry = createMetrics('executor');
  private readonly batches = new Histogram({
    name: 'orderlines_executor_batch_seconds',
    help: 'Time of a batch from its lock to its commit',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly items = new Counter({
    name: 'orderlines_executor_items_total',
    help: 'Inputs by kind and by what became of them',
    labelNames: ['kind', 'outcome'] as const,
    registers: [this.registry],
  });
  private readonly repeats = new Counter({
    name: 'orderlines_executor_batches_repeated_total',
    help: 'Batches repeated for a deadlock, a serialization failure or a time-out, by SQLSTATE',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });
  private readonly outages = new Counter({
    name: 'orderlines_executor_store_outages_total',
    help: 'Times the database went away',
    registers: [this.registry],
  });

  private readonly unexplainedRows = new Counter({
    name: 'orderlines_executor_unexplained_rows_total',
    help: 'Active rows the watchdog found that neither move nor say what they wait for; anything but 0 is a fault',
    registers: [this.registry],
  });

  unexplained(count: number): void {
    this.unexplainedRows.inc(count);
  }

  private readonly circles = new Gauge({
    name: 'orderlines_executor_runs_in_circles',
    help: 'Queued runs whose slots are held by runs that wait for them',
    registers: [this.registry],
  });

  committed(batch: CommittedBatch, seconds: number): void {
    this.batches.observe(seconds);
    const counts = new Map<string, number>();
    for (const [item, outcome] of batch.settlements) {
      const name = `${kindOf(item)} ${outcome.kind}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts) {
      const [kind = '', outcome = ''] = name.split(' ');
      this.items.inc({ kind, outcome }, count);
    }
  }

  repeated(error: unknown): void {
    this.repeats.inc({ code: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' });
  }

  waitInCircles(runs: number): void {
    this.circles.set(runs);
  }

  storeLost(): void {
    this.outages.inc();
  }
}

const kindOf = (item: BatchItem): string => (item.kind === 'event' ? item.event.kind : item.kind);
