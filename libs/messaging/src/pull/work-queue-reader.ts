import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { watchConnection } from '../connection.js';
import { PullRequest, type PullEnd } from './pull-request.js';
import type { WorkMessage } from './work-message.js';

/** How a durable of a work queue is read. */
export interface WorkQueueReaderOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly durable: string;
  /** How many messages could be taken now, over and above those that were delivered; asked anew after every message and `poke`. */
  readonly room: () => number;
  /** Must not throw and must not block; every message given here has to be answered. */
  readonly onMessage: (message: WorkMessage) => void;
  /** Makes the stream (where this service may) and the consumer again; called before the first request and when they are gone. */
  readonly ensure: () => Promise<void>;
  /** Told of what was mended or is tried again: for the log. */
  readonly onProblem: (problem: string, error?: unknown) => void;
  /** Most bytes of one request. */
  readonly bytesPerRequest?: number;
}

const EXPIRES_MS = 15_000;
/** Requests at a time: a few, so that one freed slot is filled at once, not so many that they flood the server. */
const MAX_REQUESTS = 8;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const DRAIN_LIMIT_MS = 2_000;
/** nats-server 2.9 is not done with a deleted stream when it says so: what is made under the name at once may never deliver anything. */
const GONE_MS = 1_000;

/**
 * Reads a work queue without ever asking for more than there is room for. It survives reconnects, restarts of the server and
 * streams that vanish: those are made again and read on, at once instead of after the client library's 26 seconds.
 */
export class WorkQueueReader {
  private readonly requests = new Set<PullRequest>();
  private readonly unwatch: () => void;
  private state: 'ready' | 'mending' | 'offline' | 'closed' = 'ready';
  private retryMs = FIRST_RETRY_MS;
  private timer: NodeJS.Timeout | undefined;
  private planned = false;

  constructor(private readonly options: WorkQueueReaderOptions) {
    this.unwatch = watchConnection(options.connection, (status) => {
      if (status.type === 'disconnect' || status.type === 'close') this.disconnected();
      if (status.type === 'reconnect' && this.state === 'offline') void this.mend();
    });
    void this.mend();
  }

  /** Room has grown: asks for more messages, for all pokes of one turn of the event loop together. */
  poke(): void {
    if (this.planned || this.state !== 'ready') return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      this.ask();
    });
  }

  /** Messages that have been asked for and not come. */
  get outstanding(): number {
    let sum = 0;
    for (const request of this.requests) sum += request.remaining;
    return sum;
  }

  /** Stops reading; what the server sent meanwhile is given back. Messages delivered before are still to be answered. */
  async close(): Promise<void> {
    if (this.state === 'closed') return;
    this.state = 'closed';
    clearTimeout(this.timer);
    this.unwatch();
    if (this.options.connection.isClosed()) return this.cancelAll();
    const requests = [...this.requests];
    this.requests.clear();
    const drained = Promise.allSettled(requests.map((request) => request.drain()));
    // A server that does not answer any more has nothing to give.
    await Promise.race([drained, sleep(DRAIN_LIMIT_MS, undefined, { ref: false })]);
  }

  private ask(): void {
    if (this.state !== 'ready' || this.requests.size >= MAX_REQUESTS) return;
    const messages = Math.min(this.options.room() - this.outstanding, 2_000);
    if (messages <= 0) return;
    const { connection, stream, durable, bytesPerRequest: bytes, onMessage } = this.options;
    if (connection.isClosed() || connection.isDraining()) return;
    const request: PullRequest = new PullRequest({
      connection,
      stream,
      durable,
      messages,
      ...(bytes === undefined ? {} : { bytes }),
      expiresMs: EXPIRES_MS,
      onMessage: (message) => {
        this.retryMs = FIRST_RETRY_MS;
        onMessage(message);
        this.poke();
      },
      onEnd: (end, why) => this.ended(request, end, why),
    });
    this.requests.add(request);
  }

  private ended(request: PullRequest, end: PullEnd, why: string): void {
    this.requests.delete(request);
    if (this.state !== 'ready') return;
    if (end === 'done') {
      this.poke();
      return;
    }
    this.options.onProblem(`${this.options.stream} ${this.options.durable}: ${why}`);
    this.cancelAll();
    this.later(end === 'missing' ? GONE_MS : this.retryMs);
  }

  private disconnected(): void {
    if (this.state === 'closed') return;
    clearTimeout(this.timer);
    this.state = 'offline';
    // The server has forgotten the requests; their answers, if any, come again.
    this.cancelAll();
  }

  private async mend(): Promise<void> {
    this.state = 'mending';
    try {
      await this.options.ensure();
    } catch (error) {
      if (!this.is('mending')) return;
      this.options.onProblem(`${this.options.stream} ${this.options.durable} cannot be made`, error);
      this.later();
      return;
    }
    if (!this.is('mending')) return;
    this.state = 'ready';
    this.ask();
  }

  private later(afterMs = this.retryMs): void {
    this.state = 'mending';
    this.timer = setTimeout(() => void this.mend(), afterMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  private cancelAll(): void {
    for (const request of [...this.requests]) {
      this.requests.delete(request);
      request.cancel();
    }
  }

  /** What awaiting may have changed. */
  private is(state: WorkQueueReader['state']): boolean {
    return this.state === state;
  }
}
