import type { ReadDefinition, ReadDefinitionOptions } from '@orderlines/process-engine';
import { pause, type Logger } from '@orderlines/service-host';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { RequestRefused } from '../problems/request-refused.js';

/** What a thread is asked to read. */
export interface ReadingOrder extends ReadDefinitionOptions {
  readonly content: string;
}

/** What it answers. */
export type ReadingResult = Omit<ReadDefinition, 'compiled'>;

const THREADS = 2;
/** Definitions that wait for a thread; more are refused. */
const MAX_WAITING = 100;
/** The largest definitions take a few seconds. */
const LIMIT_MS = 20_000;
const MEMORY_MB = 768;
const RETRY_AFTER_SECONDS = 5;

interface Job {
  readonly order: ReadingOrder;
  readonly resolve: (result: ReadingResult) => void;
  readonly reject: (error: Error) => void;
}

/** Reads definitions in threads of their own, so that the event loop goes on answering whatever is in them. Closed by its owner. */
export class DefinitionReaders {
  private readonly waiting: Job[] = [];
  private readonly idle: Worker[] = [];
  private readonly busy = new Set<Worker>();
  private closed = false;

  constructor(
    /** The built `definition-reader.js`. */
    private readonly url: URL,
    private readonly logger: Logger,
    private readonly limitMs = LIMIT_MS,
  ) {}

  /** Reads a definition; throws {@link RequestRefused} when it is beyond a thread's time or memory, or too many wait already. */
  read(order: ReadingOrder): Promise<ReadingResult> {
    return new Promise((resolve, reject) => {
      if (this.closed || this.waiting.length >= MAX_WAITING) {
        const message = 'Too many definitions are being read: try again in a moment.';
        return reject(new RequestRefused('definition.busy', message, 503, { retryAfterSeconds: RETRY_AFTER_SECONDS }));
      }
      this.waiting.push({ order, resolve, reject });
      this.next();
    });
  }

  /** Ends the threads; what they were reading is refused. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the gateway closes'));
    await Promise.all([...this.idle, ...this.busy].map((thread) => thread.terminate()));
  }

  private next(): void {
    if (this.waiting.length === 0 || this.busy.size >= THREADS) return;
    const job = this.waiting.shift();
    if (job === undefined) return;
    const thread = this.idle.pop() ?? this.newThread();
    this.busy.add(thread);
    void this.readIn(thread, job)
      .then(job.resolve, job.reject)
      .finally(() => this.next());
  }

  private newThread(): Worker {
    const thread = new Worker(this.url, { name: 'definition-reader', resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    // Whoever waits for its answer hears it, too; without a listener an error would end the gateway.
    thread.on('error', (error) => this.logger.warn({ err: error }, 'a thread that reads definitions failed'));
    thread.on('exit', () => {
      const at = this.idle.indexOf(thread);
      if (at >= 0) this.idle.splice(at, 1);
    });
    return thread;
  }

  private async readIn(thread: Worker, { order }: Job): Promise<ReadingResult> {
    try {
      const result = await answerOf(thread, order, this.limitMs);
      this.idle.push(thread);
      return result;
    } catch (error) {
      // Who knows what it still does: another thread takes its place.
      void thread.terminate();
      if (this.closed || error instanceof RequestRefused) throw error;
      throw beyondLimits('this server cannot read it', error);
    } finally {
      this.busy.delete(thread);
    }
  }
}

const answerOf = async (thread: Worker, order: ReadingOrder, limitMs: number): Promise<ReadingResult> => {
  const settled = new AbortController();
  const { signal } = settled;
  const answer = once(thread, 'message', { signal }) as Promise<[ReadingResult]>;
  const ended = once(thread, 'exit', { signal }).then(() => Promise.reject(new Error('the thread ended')));
  const late = pause(limitMs, signal).then(() => Promise.reject(beyondLimits(`it takes longer than ${limitMs / 1_000} s`)));
  thread.postMessage(order);
  try {
    const [result] = await Promise.race([answer, ended, late]);
    return result;
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw beyondLimits(`it takes more than ${MEMORY_MB} MB`, error);
  } finally {
    settled.abort();
    await Promise.allSettled([answer, ended, late]);
  }
};

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const beyondLimits = (why: string, cause?: unknown): RequestRefused =>
  new RequestRefused(
    'definition.too-large',
    `The definition cannot be read: ${why}. Split it into several processes.`,
    422,
    {},
    cause === undefined ? {} : { cause },
  );
