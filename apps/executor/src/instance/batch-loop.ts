import { describeError, pause, type Logger } from '@orderlines/service-host';
import { troubleOf } from '../store/store-error.js';
import type { BatchItem } from './batch-item.js';
import type { CommittedBatch } from './instance-runner.js';

/** A batch: whatever arrived while the last one was being written, but no more than this. */
const MAX_ITEMS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** Items that may wait; more are given back at once. */
const MAX_WAITING = 20_000;
/** Times a batch is repeated for deadlocks and time-outs before its items are tried apart. */
const MAX_REPEATS = 5;

/** What the loop does with batches, and whom it tells when the store goes and comes. */
export interface BatchWork {
  /** Commits, or throws with nothing written. */
  run(items: readonly BatchItem[]): Promise<CommittedBatch>;
  /** Publishes what the commit asks for, answers and acknowledges. Never throws. */
  carryOut(batch: CommittedBatch): Promise<void>;
  /** True when the store answers again. */
  reachable(): Promise<boolean>;
  storeLost(error: unknown): void;
  storeBack(): void;
  /** A batch had to be repeated. */
  repeated(error: unknown): void;
}

/** Takes items into batches, one in a transaction at a time and one more being carried out, and decides what follows an error. */
export class BatchLoop {
  private waiting: BatchItem[] = [];
  private running: Promise<void> | undefined;
  private carrying: Promise<void> = Promise.resolve();
  private away = false;
  private readonly closing = new AbortController();

  constructor(
    private readonly work: BatchWork,
    private readonly logger: Logger,
  ) {}

  /** Why nothing is written now, or null. */
  get trouble(): string | null {
    return this.away ? 'Postgres cannot be reached' : null;
  }

  /** Takes an item; it is settled at once when it cannot be taken. */
  submit(item: BatchItem): void {
    const givenBack = this.closing.signal.aborted || this.waiting.length >= MAX_WAITING || (this.away && item.waitsUntil === null);
    if (givenBack) return item.settle({ kind: 'unavailable' });
    this.waiting.push(item);
    this.running ??= this.start();
  }

  /** Takes nothing more, writes what it has, and ends. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
    await this.carrying;
  }

  private async start(): Promise<void> {
    // Let everything that came in with the same read of the socket into the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.waiting.length > 0) await this.commit(this.take(), 0);
    } finally {
      this.running = undefined;
    }
  }

  /** The next batch; an item that has to be alone is. */
  private take(): BatchItem[] {
    let bytes = 0;
    let count = 0;
    for (const item of this.waiting) {
      bytes += item.bytes;
      if (count > 0 && (item.alone || count === MAX_ITEMS || bytes > MAX_BYTES)) break;
      count += 1;
      if (item.alone) break;
    }
    return this.waiting.splice(0, count);
  }

  private async commit(items: readonly BatchItem[], repeats: number): Promise<void> {
    try {
      const committed = await this.work.run(items);
      // At most two batches are unacknowledged: this one, and the next in its transaction.
      await this.carrying;
      this.carrying = this.work.carryOut(committed);
    } catch (error) {
      await this.failed(items, repeats, error);
    }
  }

  private async failed(items: readonly BatchItem[], repeats: number, error: unknown): Promise<void> {
    const trouble = troubleOf(error);
    if (trouble === 'away') return this.waitForStore(items, error);
    if (trouble === 'repeat' && repeats < MAX_REPEATS) {
      this.work.repeated(error);
      await pause(Math.random() * 50 * (repeats + 1));
      return this.commit(items, repeats + 1);
    }
    this.logger.warn({ err: error, items: items.length }, `a batch could not be written: ${describeError(error)}`);
    const [first, second] = halves(items);
    if (second.length === 0) return first.forEach((item) => item.settle({ kind: 'failed', error }));
    await this.commit(first, 0);
    await this.commit(second, 0);
  }

  /** Gives back what can come again, keeps what somebody waits for, and tries until the store answers. */
  private async waitForStore(items: readonly BatchItem[], error: unknown): Promise<void> {
    this.away = true;
    this.work.storeLost(error);
    this.waiting = [...items, ...this.waiting];
    for (let wait = 100; ; wait = Math.min(wait * 2, 1_000)) {
      const now = this.closing.signal.aborted ? Infinity : performance.now();
      const [kept, givenBack] = partition(this.waiting, (item) => item.waitsUntil !== null && item.waitsUntil > now);
      this.waiting = kept;
      givenBack.forEach((item) => item.settle({ kind: 'unavailable' }));
      if (this.closing.signal.aborted) return;
      await pause(wait, this.closing.signal);
      if (await this.work.reachable()) break;
    }
    this.away = false;
    this.work.storeBack();
  }
}

/** Items of one run stay together as long as there is more than one run. */
const halves = (items: readonly BatchItem[]): [BatchItem[], BatchItem[]] => {
  const runs = [...new Set(items.map((item) => item.instanceId))];
  if (runs.length === 1) return [items.slice(0, Math.ceil(items.length / 2)), items.slice(Math.ceil(items.length / 2))];
  const left = new Set(runs.slice(0, Math.ceil(runs.length / 2)));
  return partition(items, (item) => left.has(item.instanceId));
};

const partition = <Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] => {
  const yes: Item[] = [];
  const no: Item[] = [];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
};
