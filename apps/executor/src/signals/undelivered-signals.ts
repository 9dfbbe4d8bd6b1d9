import type { Pool } from 'pg';
import type { OutboxPredicate } from '../dispatch/sweeper.js';
import { readUndelivered } from '../store/signals.sql.js';
import type { SignalDelivery } from './signal-delivery.js';

/** `signal`: a signal has met its wait and the wait has not taken it; whoever committed that may be gone. */
export class UndeliveredSignals implements OutboxPredicate {
  readonly name = 'signal';

  constructor(
    private readonly pool: Pool,
    private readonly delivery: SignalDelivery,
    /** Younger ones are being delivered by whoever committed them. */
    private readonly olderThanMs: number,
  ) {}

  async repeat(): Promise<void> {
    this.delivery.deliver(await readUndelivered(this.pool, this.olderThanMs));
  }
}
