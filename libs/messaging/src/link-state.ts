import type { NatsConnection } from '@nats-io/transport-node';
import { watchConnection } from './connection.js';
import { MessagingError } from './messaging-error.js';

/**
 * Whether a connection is up. The client library neither sends what is published while it is down nor says at once that an
 * answer can no longer come: both only end with their time-out.
 */
export class LinkState {
  private up = true;
  private readonly forUp = new Set<() => void>();
  private readonly forLoss = new Set<() => void>();

  constructor(private readonly connection: NatsConnection) {
    watchConnection(connection, (status) => {
      if (status.type === 'disconnect') this.change(false, this.forLoss);
      if (status.type === 'reconnect') this.change(true, this.forUp);
      if (status.type === 'close') this.change(false, this.forLoss);
    });
  }

  get isUp(): boolean {
    return this.up && !this.connection.isClosed();
  }

  /** Calls whenever the connection is lost. */
  whenLost(tell: () => void): void {
    this.forLoss.add(tell);
  }

  /** Resolves when the connection is up; throws `nats.unreachable` when it does not come up in time or was closed. */
  async waitUntilUp(limitMs: number): Promise<void> {
    if (this.connection.isClosed()) throw new MessagingError('nats.unreachable', 'the connection to NATS is closed');
    if (this.up) return;
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.forUp.delete(done);
        resolve();
      };
      const timer = setTimeout(() => {
        this.forUp.delete(done);
        reject(new MessagingError('nats.unreachable', `no connection to NATS for ${limitMs} ms`));
      }, limitMs);
      this.forUp.add(done);
    });
  }

  private change(up: boolean, waiters: Set<() => void>): void {
    this.up = up;
    for (const waiter of [...waiters]) waiter();
  }
}
