import { pause, SERVICE_LOG_LEVELS, type Logger } from '@orderlines/service-host';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** What the thread is told when it starts. */
export const LogSinkSettings = z.object({
  databaseUrl: z.string(),
  natsUrl: z.string(),
  logLevel: z.enum(SERVICE_LOG_LEVELS),
});
/** What the thread is told when it starts. */
export type LogSinkSettings = z.infer<typeof LogSinkSettings>;

const LONGEST_WAIT_MS = 10_000;
const CLOSE_LIMIT_MS = 10_000;

/** Keeps the log sink's thread alive: one that dies is started again, a little later each time it dies young. */
export class LogSinkThread {
  private readonly closing = new AbortController();
  private worker: Worker | undefined;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly url: URL,
    private readonly settings: LogSinkSettings,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** Null while the thread lives, else why not. */
  get trouble(): string | null {
    return this.worker === undefined ? 'the thread that stores logs is not running' : null;
  }

  /** Ends the thread as it is; another follows. What it had not acknowledged comes again. */
  async restart(): Promise<void> {
    await this.worker?.terminate();
  }

  /** Lets it write what it has, and ends it. */
  async close(): Promise<void> {
    this.closing.abort();
    this.worker?.postMessage('close');
    const limit = setTimeout(() => void this.restart(), CLOSE_LIMIT_MS);
    await this.loop;
    clearTimeout(limit);
  }

  private async run(): Promise<void> {
    for (let wait = 100; !this.closing.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const started = performance.now();
      await this.lifeOfOneThread();
      if (performance.now() - started > LONGEST_WAIT_MS) wait = 100;
      await pause(wait, this.closing.signal);
    }
  }

  private lifeOfOneThread(): Promise<void> {
    return new Promise((resolve) => {
      const worker = new Worker(this.url, { workerData: this.settings, name: 'log-sink' });
      this.worker = worker;
      worker.on('error', (error) => this.logger.error({ err: error }, 'the log sink failed'));
      worker.once('exit', (code) => {
        this.worker = undefined;
        if (!this.closing.signal.aborted) this.logger.warn({ code }, 'the log sink ended; it is started again');
        resolve();
      });
    });
  }
}
