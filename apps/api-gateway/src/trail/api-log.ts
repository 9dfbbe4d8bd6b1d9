import { cleanText, maskGuarded, type ApiLogEntry, type ApiLogPage, type ApiLogQuery } from '@orderlines/contracts';
import { addToApiLog, allPages, listApiLog, type ApiLogFilter } from '@orderlines/persistence';
import { repeat, type Logger, type Repetition, type RequestContext } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';

const EVERY_MS = 500;
/** Entries that are written at once. */
const BATCH = 500;
/** Entries that wait while the database is away or slow; more are counted and lost. */
const MAX_WAITING = 10_000;
const MAX_TEXT = 1_000;

/** What a door knows of a request that was answered. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** Why it was refused or failed. */
  readonly message?: string | undefined;
}

/** The log of requests: written in batches beside the requests, which never wait for it. */
export class ApiLog {
  private waiting: ApiLogEntry[] = [];
  private lost = 0;
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const failed = (error: unknown) => this.logger.warn({ err: error, waiting: this.waiting.length }, 'the API log cannot be written now');
    this.repetition = repeat({ everyMs: EVERY_MS, round: () => this.write(), failed });
  }

  /** Writes what waits, and no more. */
  async close(): Promise<void> {
    await this.repetition?.stop();
    await this.write().catch((error: unknown) => this.logger.warn({ err: error }, 'the last requests are not in the API log'));
  }

  /** Notes a request. */
  add({ door, actor, address, requestId }: RequestContext, { method, path, status, durationMs, message = '' }: Answered): void {
    if (this.waiting.length >= MAX_WAITING) {
      this.lost += 1;
      return;
    }
    this.waiting.push({
      ...{ id: uuidv7(), at: new Date().toISOString(), door: door === 'grpc' ? 'grpc' : 'http', visitor: actor, address, requestId },
      ...{ method, status, durationMs: Math.round(durationMs * 1_000) / 1_000 },
      path: cleanText(path).slice(0, MAX_TEXT),
      message: cleanText(maskGuarded(message)).slice(0, MAX_TEXT),
    });
    if (this.waiting.length >= BATCH) this.repetition?.wake();
  }

  /** Entries, newest first. */
  list({ cursor, limit, ...filter }: ApiLogQuery): Promise<ApiLogPage> {
    return listApiLog(this.pool, filter, { limit, ...(cursor !== undefined && { cursor }) });
  }

  /** All entries that the filter lets through, newest first, some at a time. */
  export(filter: ApiLogFilter): AsyncIterable<ApiLogEntry[]> {
    return allPages((page) => listApiLog(this.pool, filter, page));
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      await addToApiLog(this.pool, batch);
      this.waiting = this.waiting.slice(batch.length);
    }
    if (this.lost === 0) return;
    this.logger.warn({ lost: this.lost }, 'requests are missing in the API log: it could not be written fast enough');
    this.lost = 0;
  }
}
