import { Counter, createMetrics, Gauge, type Registry } from '@orderlines/service-host';

/** What a worker counts. */
export interface WorkerMetrics {
  readonly registry: Registry;
  readonly finished: Counter<'type' | 'status'>;
  readonly refused: Counter;
}

/** The metrics of one worker; `occupiedSlots` is asked when they are read. */
export const createWorkerMetrics = (occupiedSlots: () => number): WorkerMetrics => {
  const registry = createMetrics('worker');
  const registers = [registry];
  new Gauge({
    name: 'orderlines_worker_occupied_slots',
    help: 'Slots that are taken by tasks',
    registers,
    collect() {
      this.set(occupiedSlots());
    },
  });
  return {
    registry,
    finished: new Counter({
      name: 'orderlines_worker_attempts_total',
      help: 'Attempts that ended',
      labelNames: ['type', 'status'],
      registers,
    }),
    refused: new Counter({ name: 'orderlines_worker_refused_claims_total', help: 'Claims that an executor refused', registers }),
  };
};
