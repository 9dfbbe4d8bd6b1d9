/** What an executor cannot hear or write without. */
export type Connection = 'nats' | 'postgres';

/** How long the executor has been able to hear: time-outs that an outage could have caused wait for a while after it. */
export class ConnectionAge {
  private since: number | null = null;
  private readonly missing = new Set<Connection>(['nats', 'postgres']);

  constructor(
    /** Milliseconds after an outage in which nothing older than its end may fire. */
    readonly settleMs: number,
  ) {}

  connected(connection: Connection): void {
    this.missing.delete(connection);
    if (this.missing.size === 0) this.since ??= performance.now();
  }

  disconnected(connection: Connection): void {
    this.missing.add(connection);
    this.since = null;
  }

  lacks(connection: Connection): boolean {
    return this.missing.has(connection);
  }

  /** Connected without a break for so long that everybody who had something to say has said it. */
  get settled(): boolean {
    return this.connectedMs >= this.settleMs;
  }

  /** Milliseconds since the connections have been there; 0 without. */
  get connectedMs(): number {
    return this.since === null ? 0 : performance.now() - this.since;
  }

  /** May something fire at Postgres's time `now` that began at `madeAt`? Yes when it began after the outage, or the outage is long over. */
  mayFire(madeAt: number, now: number): boolean {
    if (this.since === null) return false;
    return this.settled || madeAt >= now - this.connectedMs;
  }
}
