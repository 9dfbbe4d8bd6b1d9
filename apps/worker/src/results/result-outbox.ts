import type { FinishedMessage, Publisher, TaskMessage } from '@orderlines/messaging';
import type { Logger } from '@orderlines/service-host';
import type { ReportDesk } from './report-desk.js';

/** A result that is not yet known to be stored in Postgres. */
interface Unconfirmed {
  readonly subject: string;
  readonly message: FinishedMessage;
  /** Size in memory, roughly. */
  readonly bytes: number;
  sentAt: number;
  sends: number;
  sending: boolean;
}

/** Identity of one dispatch of an attempt. */
export type Dispatch = Pick<FinishedMessage, 'taskInstanceId' | 'attempt' | 'dispatch'>;

/** An unconfirmed result is sent again after this. */
const REPEAT_MS = 15_000;
/** A result that could not be sent is sent again after this. */
const RETRY_MS = 1_000;
/** Results sent at a time. */
const PARALLEL_SENDS = 256;
/** More than this is not kept: the worker takes no work until results are confirmed. */
const MAX_RESULTS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Results on their way to Postgres: told to an executor at once; when none stores them, sent to RUNS, and sent again until an executor
 * confirms them.
 */
export class ResultOutbox {
  private readonly results = new Map<string, Unconfirmed>();
  private bytes = 0;
  private inFlight = 0;
  private readonly timer: NodeJS.Timeout;
  private emptyWaiters: (() => void)[] = [];

  constructor(
    private readonly publisher: Publisher,
    private readonly desk: ReportDesk,
    private readonly logger: Logger,
    /** Told when there is room again. */
    private readonly onRoom: () => void,
  ) {
    this.timer = setInterval(() => this.sendDue(), RETRY_MS);
  }

  get isFull(): boolean {
    return this.results.size >= MAX_RESULTS || this.bytes >= MAX_BYTES;
  }

  /** The unconfirmed results, the oldest first. */
  *unconfirmed(): IterableIterator<FinishedMessage> {
    for (const { message } of this.results.values()) yield message;
  }

  get size(): number {
    return this.results.size;
  }

  /** Whether a dispatch's result is unconfirmed. */
  has(key: string): boolean {
    return this.results.has(key);
  }

  /** Takes a result over. */
  add({ queue, runs }: Pick<TaskMessage, 'queue' | 'runs'>, message: FinishedMessage, bytes: number): void {
    const result: Unconfirmed = { subject: `${runs}.finished`, message, bytes, sentAt: 0, sends: 0, sending: true };
    this.results.set(dispatchKey(message), result);
    this.bytes += bytes;
    if (!this.desk.takes(bytes)) return this.sendToRuns(result);
    const settle = (stored: boolean) => (stored ? this.confirm(message) : this.sendToRuns(result));
    this.desk.report(queue, { message, bytes, settle });
  }

  /** The result is stored, or nobody wants it. */
  confirm(dispatch: Dispatch): void {
    const key = dispatchKey(dispatch);
    const result = this.results.get(key);
    if (result === undefined) return;
    const wasFull = this.isFull;
    this.results.delete(key);
    this.bytes -= result.bytes;
    if (wasFull && !this.isFull) this.onRoom();
    if (this.results.size === 0) for (const resolve of this.emptyWaiters.splice(0)) resolve();
  }

  /** Resolves when everything is confirmed, or after the limit. */
  async drained(limitMs: number): Promise<void> {
    if (this.results.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.emptyWaiters.push(resolve);
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** At once where there is room, else with the next that are due. */
  private sendToRuns(result: Unconfirmed): void {
    result.sending = false;
    if (this.inFlight < PARALLEL_SENDS && this.results.has(dispatchKey(result.message))) void this.send(result);
  }

  private sendDue(): void {
    const now = Date.now();
    for (const result of this.results.values()) {
      if (this.inFlight >= PARALLEL_SENDS) return;
      if (!result.sending && now - result.sentAt > (result.sends === 0 ? 0 : REPEAT_MS)) void this.send(result);
    }
  }

  private async send(result: Unconfirmed): Promise<void> {
    this.inFlight += 1;
    result.sending = true;
    try {
      await this.publisher.publishOnce({ subject: result.subject, payload: result.message });
      this.sent(result);
    } catch (error) {
      this.logger.warn({ err: error, taskInstanceId: result.message.taskInstanceId }, 'a result could not be sent; it is sent again');
    } finally {
      result.sending = false;
      this.inFlight -= 1;
    }
  }

  private sent(result: Unconfirmed): void {
    result.sends += 1;
    result.sentAt = Date.now();
  }
}

/** One text for one dispatch of an attempt. */
export const dispatchKey = ({ taskInstanceId, attempt, dispatch }: Dispatch): string => `${taskInstanceId}.${attempt}.${dispatch}`;
