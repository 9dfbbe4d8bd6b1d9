import { LOGS, MessagingError, type LogChunkMessage, type Publisher } from '@orderlines/messaging';
import type { LogLevel } from '@orderlines/plugin-sdk';
import { pause } from '@orderlines/service-host';

type Line = LogChunkMessage['lines'][number];

/** Where an attempt's lines belong. */
export interface LogAddress {
  readonly instanceId: string;
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
}

/** A lost attempt is dispatched again under the same number: its chunks must not be taken for those of the first time. */
const CHUNKS_PER_DISPATCH = 1_000_000;

/** Longest chunk, in lines and in characters. */
const CHUNK_LINES = 256;
const CHUNK_LENGTH = 64 * 1024;
/** A chunk leaves after this even when it is not full. */
const FLUSH_MS = 100;
/** From this many characters on a task waits before it writes on; at four times as many, lines of a task that does not wait are dropped. */
const ROOM_LENGTH = 512 * 1024;
/** How long a full stream is waited for when the task has ended. */
const DRAIN_LIMIT_MS = 60_000;
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/** The log of one attempt on its way to LOGS: chunks numbered from 0, one after the other, in bounded memory. */
export class AttemptLog {
  private lines: Line[] = [];
  private linesLength = 0;
  private readonly chunks: { readonly lines: Line[]; readonly length: number }[] = [];
  private waitingLength = 0;
  private cutChunks = 0;
  private sentChunks = 0;
  private writtenLength = 0;
  private dropped = 0;
  private paces = true;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private roomWaiters: (() => void)[] = [];
  private readonly stop = new AbortController();

  constructor(
    private readonly address: LogAddress,
    private readonly publisher: Publisher,
    /** Characters kept of the whole log. */
    private readonly limit: number,
  ) {}

  /** Takes a line; resolves when there is room for the next. */
  write(level: LogLevel, text: string): Promise<void> {
    if (this.writtenLength > this.limit || this.waitingLength > 4 * ROOM_LENGTH) {
      if (this.writtenLength > this.limit && this.dropped === 0)
        this.add('warn', `… more than ${Math.round(this.limit / 1024 / 1024)} MiB of log: the rest is not kept`);
      this.dropped += 1;
      return READY;
    }
    if (this.dropped > 0) {
      this.add('warn', `… ${this.dropped} lines are missing: the task wrote faster than its log could be stored`);
      this.dropped = 0;
    }
    this.add(level, text);
    if (this.waitingLength <= ROOM_LENGTH || !this.paces) return READY;
    return new Promise((resolve) => this.roomWaiters.push(resolve));
  }

  /** The task has to end now: it waits for its log no longer. */
  stopPacing(): void {
    this.paces = false;
    this.releaseWaiters();
  }

  /** No more lines come: everything is cut into chunks. Returns how many there are in all. */
  end(): number {
    this.cut();
    return this.cutChunks;
  }

  /** Resolves when all chunks are stored, or nobody can take them for a minute. */
  async drained(): Promise<void> {
    if (this.sending === undefined) return;
    const limit = setTimeout(() => this.stop.abort(), DRAIN_LIMIT_MS);
    while (this.sending !== undefined) await this.sending;
    clearTimeout(limit);
  }

  private add(level: LogLevel, text: string): void {
    this.lines.push({ at: Date.now(), level, text });
    this.linesLength += text.length;
    this.waitingLength += text.length;
    this.writtenLength += text.length;
    if (this.lines.length >= CHUNK_LINES || this.linesLength >= CHUNK_LENGTH) this.cut();
    else this.timer ??= setTimeout(() => this.cut(), FLUSH_MS);
  }

  private cut(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length === 0) return;
    this.chunks.push({ lines: this.lines, length: this.linesLength });
    this.cutChunks += 1;
    this.lines = [];
    this.linesLength = 0;
    this.sending ??= this.sendAll();
  }

  private async sendAll(): Promise<void> {
    for (let next = this.chunks.shift(); next !== undefined; next = this.chunks.shift()) {
      await this.send(next.lines);
      this.waitingLength -= next.length;
      if (this.waitingLength <= ROOM_LENGTH) this.releaseWaiters();
    }
    // In the same turn in which no chunk was left: one that is cut a moment later must start the sending again.
    this.sending = undefined;
  }

  private releaseWaiters(): void {
    for (const resolve of this.roomWaiters.splice(0)) resolve();
  }

  /** A full stream, or NATS being away, holds this task only. */
  private async send(lines: Line[]): Promise<void> {
    const { instanceId, taskInstanceId, attempt, dispatch } = this.address;
    const chunk = (dispatch - 1) * CHUNKS_PER_DISPATCH + this.sentChunks++;
    const payload: LogChunkMessage = { format: 1, instanceId, taskInstanceId, attempt, chunk, lines };
    const message = { subject: LOGS.subject(instanceId, taskInstanceId), payload };
    for (let retryMs = FIRST_RETRY_MS; !this.stop.signal.aborted; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      try {
        await this.publisher.publish(message);
        return;
      } catch (error) {
        if (error instanceof MessagingError && error.code === 'nats.too-large') return;
        await pause(retryMs, this.stop.signal);
      }
    }
  }
}

const READY = Promise.resolve();
