import type { NatsConnection } from '@nats-io/transport-node';
import {
  decodePayload,
  ensureLogsConsumer,
  ensureStreams,
  LogChunkMessage,
  LOGS,
  WorkQueueReader,
  type WorkMessage,
} from '@orderlines/messaging';
import { describeError, pause, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { troubleOf } from '../store/store-error.js';
import { writeLogChunks } from './log-chunks.sql.js';

/** Chunks written together, and held at most. */
const MAX_BATCH = 500;
const MAX_HELD = 1_000;
const BYTES_PER_REQUEST = 4 * 1024 * 1024;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

interface Held {
  readonly message: WorkMessage;
  readonly chunk: LogChunkMessage;
}

/** Carries log chunks from LOGS into their table; the tasks that write too fast wait for it in the stream. */
export class LogSink {
  private waiting: Held[] = [];
  private held = 0;
  private writing: Promise<void> | undefined;
  private readonly closing = new AbortController();
  private readonly reader: WorkQueueReader;

  constructor(
    nats: NatsConnection,
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {
    this.reader = new WorkQueueReader({
      connection: nats,
      stream: LOGS.name,
      durable: LOGS.durable,
      room: () => MAX_HELD - this.held,
      bytesPerRequest: BYTES_PER_REQUEST,
      onMessage: (message) => this.receive(message),
      ensure: async () => {
        await ensureStreams(nats);
        await ensureLogsConsumer(nats);
      },
      onProblem: (problem, error) => this.logger.warn({ err: error }, problem),
    });
  }

  /** Takes nothing more and writes what it has. */
  async close(): Promise<void> {
    await this.reader.close();
    this.closing.abort();
    await this.writing;
  }

  private receive(message: WorkMessage): void {
    const chunk = decodePayload(LogChunkMessage, message.data);
    if (!chunk.ok) {
      this.logger.warn({ subject: message.subject, problem: chunk.problem }, 'a log chunk was not understood; it is dropped');
      return message.drop();
    }
    this.held += 1;
    this.waiting.push({ message, chunk: chunk.value });
    this.writing ??= this.write().finally(() => (this.writing = undefined));
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      let bytes = 0;
      const fits = this.waiting.findIndex(({ message }) => (bytes += message.data.length) > MAX_BATCH_BYTES);
      await this.store(this.waiting.splice(0, Math.max(1, Math.min(MAX_BATCH, fits === -1 ? MAX_BATCH : fits))));
    }
  }

  private async store(batch: readonly Held[]): Promise<void> {
    for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
      try {
        await writeLogChunks(
          this.pool,
          batch.map(({ chunk }) => chunk),
        );
        return this.settle(batch, (message) => message.ack());
      } catch (error) {
        if (troubleOf(error) === 'data') return this.apart(batch, error);
        this.logger.warn({ err: error, chunks: batch.length }, `logs could not be stored: ${describeError(error)}`);
        if (this.closing.signal.aborted) return this.settle(batch, (message) => message.giveBack());
        batch.forEach(({ message }) => message.stillWorking());
        await pause(wait, this.closing.signal);
      }
    }
  }

  /** Some chunk cannot be stored: the others are. */
  private async apart(batch: readonly Held[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.store(batch.slice(0, middle));
      return this.store(batch.slice(middle));
    }
    this.logger.error({ err: error, subject: only?.message.subject }, 'a log chunk cannot be stored; it is dropped');
    this.settle(batch, (message) => message.drop());
  }

  private settle(batch: readonly Held[], answer: (message: WorkMessage) => void): void {
    for (const { message } of batch) answer(message);
    this.held -= batch.length;
    this.reader.poke();
  }
}
