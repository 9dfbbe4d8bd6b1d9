import { decodePayload, LIVE, LiveMessage, watchConnection } from '@orderlines/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@orderlines/service-host';

/** Letters before the id of the run in a subject. */
const PREFIX_LENGTH = LIVE.subject('').length;

/** Somebody who follows a run. */
export interface LiveListener {
  /** A history row as it is told live; may come twice, late, or not at all. */
  message(message: LiveMessage): void;
  /** Something may have been missed: read the history. */
  gap(): void;
}

/** What is told live about all runs: one subscription for the whole gateway, however many follow. */
export class LiveFeed {
  private readonly listeners = new Map<string, Set<LiveListener>>();
  private stopWatching: (() => void) | undefined;

  constructor(private readonly logger: Logger) {}

  /** Listens to a connection until it is closed. */
  attach(connection: NatsConnection): void {
    const subscription = connection.subscribe(LIVE.all);
    this.stopWatching = watchConnection(connection, ({ type }) => {
      if (type === 'reconnect') this.everybody((listener) => listener.gap());
    });
    this.everybody((listener) => listener.gap());
    void (async () => {
      for await (const { data, subject } of subscription) {
        if (!this.listeners.has(subject.slice(PREFIX_LENGTH))) continue; // most runs are watched by nobody: do not even read it
        const decoded = decodePayload(LiveMessage, data);
        if (decoded.ok) this.tell(decoded.value);
        else this.logger.warn({ subject, problem: decoded.problem }, 'a live message cannot be read');
      }
    })();
  }

  /** Follows a run until the returned function is called. */
  follow(instanceId: string, listener: LiveListener): () => void {
    const followers = this.listeners.get(instanceId) ?? new Set();
    this.listeners.set(instanceId, followers.add(listener));
    return () => {
      followers.delete(listener);
      if (followers.size === 0) this.listeners.delete(instanceId);
    };
  }

  /** Stops listening. */
  close(): void {
    this.stopWatching?.();
    this.listeners.clear();
  }

  private tell(message: LiveMessage): void {
    for (const listener of this.listeners.get(message.instanceId) ?? []) listener.message(message);
  }

  private everybody(tell: (listener: LiveListener) => void): void {
    for (const followers of this.listeners.values()) for (const listener of followers) tell(listener);
  }
}
