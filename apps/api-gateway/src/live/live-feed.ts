import { decodePayload, LIVE, LiveMessage, watchConnection } from '@orderlines/messaging';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Logger } from '@orderlines/service-host';

/** Letters before the id of the run in a subject. */
const PREFIX_LENGTH = LIVE.subject('').length;
/** The subscription outlives its last follower by this, since the next one often comes at once. */
const LINGER_MS = 10_000;

/** Somebody who follows a run. */
export interface LiveListener {
  /** A history row as it is told live; may come twice, late, or not at all. */
  message(message: LiveMessage): void;
  /** Something may have been missed: read the history. */
  gap(): void;
}

/** What is told live about all runs: one subscription for the whole gateway, however many follow, and none while nobody does. */
export class LiveFeed {
  private readonly listeners = new Map<string, Set<LiveListener>>();
  /** Those who follow all runs. */
  private readonly overseers = new Set<LiveListener>();
  private connection: NatsConnection | undefined;
  private subscription: Subscription | undefined;
  private lingering: NodeJS.Timeout | undefined;
  private stopWatching: (() => void) | undefined;

  constructor(private readonly logger: Logger) {}

  /** Listens to a connection until it is closed. */
  attach(connection: NatsConnection): void {
    this.connection = connection;
    this.stopWatching = watchConnection(connection, ({ type }) => {
      if (type === 'reconnect') this.everybody((listener) => listener.gap());
    });
    if (this.isFollowed) this.listen();
  }

  /** Follows all runs until the returned function is called. */
  followAll(listener: LiveListener): () => void {
    this.overseers.add(listener);
    this.listen();
    return () => {
      this.overseers.delete(listener);
      if (!this.isFollowed) this.linger();
    };
  }

  /** Follows a run until the returned function is called. */
  follow(instanceId: string, listener: LiveListener): () => void {
    const followers = this.listeners.get(instanceId) ?? new Set();
    this.listeners.set(instanceId, followers.add(listener));
    this.listen();
    return () => {
      followers.delete(listener);
      if (followers.size === 0 && this.listeners.get(instanceId) === followers) this.listeners.delete(instanceId);
      if (!this.isFollowed) this.linger();
    };
  }

  /** Stops listening. */
  close(): void {
    clearTimeout(this.lingering);
    this.stopWatching?.();
    this.subscription?.unsubscribe();
    this.listeners.clear();
    this.overseers.clear();
  }

  private get isFollowed(): boolean {
    return this.listeners.size > 0 || this.overseers.size > 0;
  }

  private listen(): void {
    clearTimeout(this.lingering);
    const { connection } = this;
    if (this.subscription || !connection) return;
    const subscription = connection.subscribe(LIVE.all);
    this.subscription = subscription;
    void this.read(subscription);
    // Only from the server's answer on is nothing missed.
    connection.flush().then(
      () => this.everybody((listener) => listener.gap()),
      (error: unknown) => this.logger.warn({ err: error }, 'the live feed is not heard yet'),
    );
  }

  private linger(): void {
    clearTimeout(this.lingering);
    this.lingering = setTimeout(() => {
      this.subscription?.unsubscribe();
      this.subscription = undefined;
    }, LINGER_MS).unref();
  }

  private async read(subscription: Subscription): Promise<void> {
    for await (const { data, subject } of subscription) {
      // Most runs are watched by nobody: do not even read it.
      if (this.overseers.size === 0 && !this.listeners.has(subject.slice(PREFIX_LENGTH))) continue;
      const decoded = decodePayload(LiveMessage, data);
      if (decoded.ok) this.tell(decoded.value);
      else this.logger.warn({ subject, problem: decoded.problem }, 'a live message cannot be read');
    }
  }

  private tell(message: LiveMessage): void {
    for (const listener of this.listeners.get(message.instanceId) ?? []) listener.message(message);
    for (const overseer of this.overseers) overseer.message(message);
  }

  private everybody(tell: (listener: LiveListener) => void): void {
    for (const followers of this.listeners.values()) for (const listener of followers) tell(listener);
    for (const overseer of this.overseers) tell(overseer);
  }
}
