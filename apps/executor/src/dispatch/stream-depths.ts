import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { RUNS, TASKS } from '@orderlines/messaging';

/** What the streams hold, asked of the server. */
export class StreamDepths {
  private manager: Promise<JetStreamManager> | undefined;

  constructor(private readonly nats: NatsConnection) {}

  /** Unclaimed tasks of a queue; null when nobody has ever served the queue, so that no durable counts them. */
  async unclaimed(queue: string): Promise<number | null> {
    const manager = await this.connected();
    try {
      const { num_pending, num_ack_pending } = await manager.consumers.info(TASKS.name, TASKS.queueDurable(queue));
      return num_pending + num_ack_pending;
    } catch {
      return null;
    }
  }

  /** Epoch milliseconds of the oldest message in RUNS; null when it is empty. */
  async oldestInput(): Promise<number | null> {
    const manager = await this.connected();
    const { state } = await manager.streams.info(RUNS.name);
    return state.messages === 0 ? null : Date.parse(state.first_ts);
  }

  /** True while RUNS has the durable that executors read; it goes with its stream. */
  async inputsCanBeRead(): Promise<boolean> {
    const manager = await this.connected();
    try {
      await manager.consumers.info(RUNS.name, RUNS.durable);
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError) return false;
      throw error;
    }
  }

  /** When TASKS was made: a younger stream than the last look is an empty one. */
  async tasksMadeAt(): Promise<string> {
    const manager = await this.connected();
    return (await manager.streams.info(TASKS.name)).created;
  }

  private connected(): Promise<JetStreamManager> {
    this.manager ??= jetstreamManager(this.nats, { checkAPI: false, timeout: 2_000 });
    return this.manager;
  }
}
